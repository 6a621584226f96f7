// Issuers and what they issued, as the API gives them. A private key or a token is in one answer only, which no cache keeps.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";
import type { IssueOrder } from "../api/types";

export const issuersQuery = queryOptions({
  queryKey: ["issuers"],
  queryFn: () => take(api.GET("/api/v1/issuers")),
});

export const issuerQuery = (name: string) =>
  queryOptions({
    queryKey: ["issuers", name],
    queryFn: () => take(api.GET("/api/v1/issuers/{name}", { params: { path: { name } } })),
  });

export const profilesQuery = (name: string) =>
  queryOptions({
    queryKey: ["issuers", name, "profiles"],
    queryFn: () => take(api.GET("/api/v1/issuers/{name}/profiles", { params: { path: { name } } })),
  });

export function issuedPage(filter: { issuer?: string; live?: boolean }, after: string | undefined) {
  return take(api.GET("/api/v1/issued", { params: { query: { ...filter, after, limit: 50 } } }));
}

export function issue(name: string, body: IssueOrder) {
  return take(api.POST("/api/v1/issuers/{name}/issue", { params: { path: { name } }, body }));
}

export function revoke(id: string, reason: string) {
  return take(api.POST("/api/v1/issued/{id}/revoke", { params: { path: { id } }, body: { reason } }));
}

export function withdraw(name: string) {
  return take(api.POST("/api/v1/issuers/{name}/withdraw", { params: { path: { name } } }));
}

/** `expires`: what the old key signed holds until it expires; `withdrawn`: all of it ends now. */
export function rotateKey(name: string, old: "expires" | "withdrawn") {
  return take(api.POST("/api/v1/issuers/{name}/rotate-key", { params: { path: { name } }, body: { old } }));
}
