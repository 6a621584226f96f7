// Secrets as the API gives them. Values, and tokens that open one, are in an answer only, which no cache keeps.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export function secretsPage(prefix: string, after: string | undefined) {
  return take(api.GET("/api/v1/secrets", { params: { query: { prefix, after, limit: 100 } } }));
}

export const metadataQuery = (name: string) =>
  queryOptions({
    queryKey: ["secrets", "metadata", name],
    queryFn: () => take(api.GET("/api/v1/secrets/{name}/metadata", { params: { path: { name } } })),
  });

export function read(name: string, version: number) {
  return take(api.GET("/api/v1/secrets/{name}", { params: { path: { name }, query: { version } } }));
}

export interface NewVersion {
  data: Record<string, string>;
  /** The version that this one follows; 0 for a new secret. */
  cas: number;
  purpose?: string;
}

/** The new version has these keys and no others. */
export function write(name: string, body: NewVersion) {
  return take(api.PUT("/api/v1/secrets/{name}", { params: { path: { name } }, body }));
}

/** The new version has these keys, and the others as they were. */
export function merge(name: string, body: NewVersion) {
  return take(api.PATCH("/api/v1/secrets/{name}", { params: { path: { name } }, body }));
}

export function wrap(name: string, body: { version: number; ttl_seconds: number; for?: string }) {
  return take(api.POST("/api/v1/secrets/{name}/wrap", { params: { path: { name } }, body }));
}
