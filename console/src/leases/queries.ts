// Credentials made on demand as the API gives them. What proves one is in one answer only, which no cache keeps.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface LeaseFilter {
  service?: string;
  state?: string;
}

export function leasesPage(filter: LeaseFilter, after: string | undefined) {
  return take(api.GET("/api/v1/leases", { params: { query: { ...filter, after, limit: 50 } } }));
}

export const backlogQuery = queryOptions({
  queryKey: ["leases", "backlog"],
  queryFn: () => take(api.GET("/api/v1/leases/backlog")),
  refetchInterval: 5_000,
});

export function issue(body: { service: string; login: string; minutes: number }) {
  return take(api.POST("/api/v1/leases", { body }));
}

/** For as long as the profile and the grant allow. */
export function renew(id: string) {
  return take(api.POST("/api/v1/leases/{id}/renew", { params: { path: { id } }, body: {} }));
}

export function revoke(id: string, reason: string) {
  return take(api.POST("/api/v1/leases/{id}/revoke", { params: { path: { id } }, body: { reason } }));
}

export function revokeAll(service: string, reason: string) {
  return take(api.POST("/api/v1/leases/revoke", { body: { service, reason } }));
}

/** Searches a service for credentials that no lease explains, and removes them. */
export function sweep(service: string) {
  return take(api.POST("/api/v1/leases/sweep", { body: { service } }));
}

export const profilesQuery = queryOptions({
  queryKey: ["credential-profiles"],
  queryFn: () => take(api.GET("/api/v1/credential-profiles")),
});
