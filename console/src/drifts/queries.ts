// What was changed by hand on systems, as the API gives it, and a person's answer.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface DriftFilter {
  system?: string;
  state?: string;
}

export function driftsPage(filter: DriftFilter, after: string | undefined) {
  return take(api.GET("/api/v1/drifts", { params: { query: { ...filter, after, limit: 50 } } }));
}

/** Those that wait for somebody, at most so many as one page holds. */
export const waitingDriftsQuery = queryOptions({
  queryKey: ["drifts", "waiting"],
  queryFn: () => take(api.GET("/api/v1/drifts", { params: { query: { state: "waiting", limit: 100 } } })),
  refetchInterval: 60_000,
});

export function decide(id: string, decision: "revert" | "accept", reason: string) {
  return take(api.POST("/api/v1/drifts/{id}/decide", { params: { path: { id } }, body: { decision, reason } }));
}
