// People as the API gives them, and what a person orders about somebody's state.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface PeopleFilter {
  q?: string;
  state?: string;
}

export function identitiesPage(filter: PeopleFilter, after: string | undefined) {
  return take(api.GET("/api/v1/identities", { params: { query: { ...filter, after, limit: 50 } } }));
}

/** The first few who match. */
export const peopleQuery = (q: string) =>
  queryOptions({
    queryKey: ["identities", "matching", q],
    queryFn: () => take(api.GET("/api/v1/identities", { params: { query: { q: q || undefined, limit: 20 } } })),
    staleTime: 30_000,
  });

export const identityQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "one", id],
    queryFn: () => take(api.GET("/api/v1/identities/{id}", { params: { path: { id } } })),
  });

/** What every source says of somebody, and whose word counts. */
export const recordsQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "one", id, "records"],
    queryFn: () => take(api.GET("/api/v1/identities/{id}/records", { params: { path: { id } } })),
  });

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "one", id, "timeline"],
    queryFn: () => take(api.GET("/api/v1/identities/{id}/timeline", { params: { path: { id } } })),
  });

export function assignmentsOfPage(id: string, after: string | undefined) {
  return take(api.GET("/api/v1/identities/{id}/assignments", { params: { path: { id }, query: { after, limit: 50 } } }));
}

/** Moments are RFC 3339 texts. */
export interface StateOrdered {
  reason: string;
  at?: string;
  until?: string;
}

export function terminate(id: string, { reason, at }: StateOrdered) {
  return take(api.POST("/api/v1/identities/{id}/terminate", { params: { path: { id } }, body: { reason, at } }));
}

export function suspend(id: string, body: StateOrdered) {
  return take(api.POST("/api/v1/identities/{id}/suspend", { params: { path: { id } }, body }));
}

export function leave(id: string, body: StateOrdered) {
  return take(api.POST("/api/v1/identities/{id}/leave", { params: { path: { id } }, body }));
}

export function resume(id: string, reason: string) {
  return take(api.POST("/api/v1/identities/{id}/resume", { params: { path: { id } }, body: { reason } }));
}
