// Sessions as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";
import type { Session } from "../api/types";

export const liveSessionsQuery = queryOptions({
  queryKey: ["sessions", "live"],
  queryFn: () => take(api.GET("/api/v1/sessions", { params: { query: { live: true, limit: 200 } } })),
  refetchInterval: 3_000,
});

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", id],
    queryFn: () => take(api.GET("/api/v1/sessions/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (settled(query.state.data) ? false : 2_000),
  });

export const grantSessionsQuery = (grant: string) =>
  queryOptions({
    queryKey: ["sessions", "of", grant],
    queryFn: () => take(api.GET("/api/v1/sessions", { params: { query: { grant, limit: 200 } } })),
  });

export const recordingQuery = (id: string) =>
  queryOptions({
    queryKey: ["recordings", id],
    queryFn: () => take(api.GET("/api/v1/sessions/{id}/recording", { params: { path: { id } }, parseAs: "text" })),
    staleTime: Infinity,
    retry: false,
  });

/** Nothing about it changes any more. */
function settled(session: Session | undefined): boolean {
  return session?.state === "ended" && (!session.credential || Boolean(session.credential.observed_gone_at));
}

/** Ends a session at once. */
export function kill(id: string, reason: string) {
  return take(api.POST("/api/v1/sessions/{id}/kill", { params: { path: { id } }, body: { reason } }));
}
