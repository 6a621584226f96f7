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

/** Deleted versions can be brought back. */
export function deleteVersions(name: string, versions: number[]) {
  return take(api.POST("/api/v1/secrets/{name}/delete", { params: { path: { name } }, body: { versions } }));
}

export function undeleteVersions(name: string, versions: number[]) {
  return take(api.POST("/api/v1/secrets/{name}/undelete", { params: { path: { name } }, body: { versions } }));
}

/** Destroyed versions never come back. */
export function destroyVersions(name: string, versions: number[]) {
  return take(api.POST("/api/v1/secrets/{name}/destroy", { params: { path: { name } }, body: { versions } }));
}

/** The whole secret, for good. */
export function remove(name: string, confirm: string) {
  return take(api.DELETE("/api/v1/secrets/{name}", { params: { path: { name }, query: { confirm } } }));
}

export interface About {
  purpose: string;
  /** By mail address; who it is now when it is left out. */
  owner?: string;
  max_versions: number;
  /** 0 for versions that live on. */
  delete_after_seconds: number;
  cas_required: boolean;
  custom: Record<string, string>;
}

export function describe(name: string, body: About) {
  return take(api.PATCH("/api/v1/secrets/{name}/metadata", { params: { path: { name } }, body }));
}
