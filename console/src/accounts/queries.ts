// Accounts under management as the API gives them. No answer holds a credential.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface AccountFilter {
  target?: string;
  state?: string;
}

export function accountsPage(filter: AccountFilter, after: string | undefined) {
  return take(api.GET("/api/v1/accounts", { params: { query: { ...filter, after, limit: 50 } } }));
}

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ["accounts", id],
    queryFn: () => take(api.GET("/api/v1/accounts/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.state === "changing" ? 2_000 : 30_000),
  });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["accounts", id, "history"],
    queryFn: () => take(api.GET("/api/v1/accounts/{id}/history", { params: { path: { id } } })),
  });

export const rotationsQuery = (account: string) =>
  queryOptions({
    queryKey: ["accounts", account, "rotations"],
    queryFn: () => take(api.GET("/api/v1/rotations", { params: { query: { account, limit: 50 } } })),
    refetchInterval: (query) => (query.state.data?.items.some((rotation) => rotation.state === "open") ? 2_000 : false),
  });

export function verify(id: string) {
  return take(api.POST("/api/v1/accounts/{id}/verify", { params: { path: { id } } }));
}

export function rotate(id: string) {
  return take(api.POST("/api/v1/accounts/{id}/rotate", { params: { path: { id } } }));
}

export function reconcile(id: string) {
  return take(api.POST("/api/v1/accounts/{id}/reconcile", { params: { path: { id } } }));
}

export const dependentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["accounts", id, "dependents"],
    queryFn: () => take(api.GET("/api/v1/accounts/{id}/dependents", { params: { path: { id } } })),
  });

export function findDependents(id: string, host: string, files: string[]) {
  return take(api.POST("/api/v1/accounts/{id}/dependents/find", { params: { path: { id } }, body: { host, files } }));
}

export function dryRun(id: string) {
  return take(api.POST("/api/v1/accounts/{id}/dependents/dry-run", { params: { path: { id } } }));
}

export function keepDependent(id: string, restart: boolean) {
  return take(api.PUT("/api/v1/dependents/{id}", { params: { path: { id } }, body: { restart } }));
}

export function removeDependent(id: string) {
  return take(api.DELETE("/api/v1/dependents/{id}", { params: { path: { id } } }));
}

/** The next version, which somebody set at the system by hand. */
export function give(id: string, value: string) {
  return take(api.PUT("/api/v1/accounts/{id}/value", { params: { path: { id } }, body: { value } }));
}
