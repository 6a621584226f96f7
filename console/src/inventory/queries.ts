// What was read on systems, as the API gives it, and what a person says about an account there.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";
import type { Missing } from "../api/types";

/** How well each system is known. */
export const healthQuery = queryOptions({
  queryKey: ["inventory", "systems"],
  queryFn: () => take(api.GET("/api/v1/inventory/systems")),
  refetchInterval: 30_000,
});

/** How accounts on each system are made and kept; a system without one is never changed. */
export const mappingsQuery = queryOptions({
  queryKey: ["inventory", "mappings"],
  queryFn: () => take(api.GET("/api/v1/mappings")),
});

export interface AccountFilter {
  system?: string;
  identity?: string;
  state?: string;
  privileged?: boolean;
  q?: string;
}

export function accountsPage(filter: AccountFilter, after: string | undefined) {
  return take(api.GET("/api/v1/inventory/accounts", { params: { query: { ...filter, after, limit: 50 } } }));
}

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ["inventory", "account", id],
    queryFn: () => take(api.GET("/api/v1/inventory/accounts/{id}", { params: { path: { id } } })),
  });

export function accountsOfPage(identity: string, after: string | undefined) {
  return take(api.GET("/api/v1/identities/{id}/accounts", { params: { path: { id: identity }, query: { after, limit: 50 } } }));
}

export function entitlementsPage(system: string, after: string | undefined) {
  return take(api.GET("/api/v1/inventory/entitlements", { params: { query: { system, after, limit: 50 } } }));
}

export function membersPage(id: string, after: string | undefined) {
  return take(api.GET("/api/v1/inventory/entitlements/{id}/members", { params: { path: { id }, query: { after, limit: 50 } } }));
}

export function read(system: string) {
  return take(api.POST("/api/v1/inventory/systems/{system}/read", { params: { path: { system } } }));
}

/** What the next whole reading lacks counts as gone, if it is no more than this. */
export function acceptMissing(system: string, missing: Missing, reason: string) {
  return take(api.POST("/api/v1/inventory/systems/{system}/accept-missing", { params: { path: { system } }, body: { missing, reason } }));
}

/** Reaches it and changes nothing. */
export function test(system: string) {
  return take(api.POST("/api/v1/inventory/systems/{system}/test", { params: { path: { system } } }));
}

/** Whose an account is, or that it is no person's own. People by id or mail address. */
export type Said = { identity: string } | { non_personal: true; owner?: string };

export function link(id: string, said: Said, reason: string) {
  return take(api.POST("/api/v1/inventory/accounts/{id}/link", { params: { path: { id } }, body: { non_personal: false, ...said, reason } }));
}

export function protect(id: string, on: boolean, reason: string) {
  return take(api.POST("/api/v1/inventory/accounts/{id}/protect", { params: { path: { id } }, body: { on, reason } }));
}
