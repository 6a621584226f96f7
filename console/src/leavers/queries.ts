// People who leave, and what they owned, as the API gives it.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export function leaversPage(after: string | undefined) {
  return take(api.GET("/api/v1/leavers", { params: { query: { after, limit: 50 } } }));
}

export const leaverQuery = (id: string) =>
  queryOptions({
    queryKey: ["leavers", "one", id],
    queryFn: () => take(api.GET("/api/v1/leavers/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.closed_at ? false : 3_000),
  });

export function ownershipsPage(state: string | undefined, after: string | undefined) {
  return take(api.GET("/api/v1/ownerships", { params: { query: { state, after, limit: 50 } } }));
}

/** What waits for a person to say who answers for it, at most so many as one page holds. */
export const unownedQuery = queryOptions({
  queryKey: ["ownerships", "unowned"],
  queryFn: () => take(api.GET("/api/v1/ownerships", { params: { query: { state: "unowned", limit: 100 } } })),
  refetchInterval: 60_000,
});

export function handOver(id: string, to: string, reason: string) {
  return take(api.POST("/api/v1/ownerships/{id}/hand-over", { params: { path: { id } }, body: { to, reason } }));
}
