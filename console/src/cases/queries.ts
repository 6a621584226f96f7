// Match cases as the API gives them, and a person's answer.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

/** About `record`s of sources, or `account`s on systems. */
export function casesPage(about: string, state: string | undefined, after: string | undefined) {
  return take(api.GET("/api/v1/match-cases", { params: { query: { about, state, after, limit: 50 } } }));
}

/** Those that wait for somebody, at most so many as one page holds. */
export const openCasesQuery = (about: "record" | "account") =>
  queryOptions({
    queryKey: ["cases", "to decide", about],
    queryFn: () => take(api.GET("/api/v1/match-cases", { params: { query: { about, state: "open", limit: 100 } } })),
    refetchInterval: 60_000,
  });

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ["cases", "one", id],
    queryFn: () => take(api.GET("/api/v1/match-cases/{id}", { params: { path: { id } } })),
  });

/** Without an identity the record is of somebody new. */
export function decide(id: string, identity: string | null, reason: string) {
  const body = identity === null ? { new: true, reason } : { identity, new: false, reason };
  return take(api.POST("/api/v1/match-cases/{id}/decide", { params: { path: { id } }, body }));
}
