// Plans and the orders that follow from them, as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface PlanFilter {
  system?: string;
  state?: string;
}

export function plansPage(filter: PlanFilter, after: string | undefined) {
  return take(api.GET("/api/v1/plans", { params: { query: { ...filter, after, limit: 50 } } }));
}

/** Those that wait for somebody, at most so many as one page holds. */
export const heldPlansQuery = queryOptions({
  queryKey: ["plans", "held"],
  queryFn: () => take(api.GET("/api/v1/plans", { params: { query: { state: "held", limit: 100 } } })),
  refetchInterval: 60_000,
});

export const planQuery = (id: string) =>
  queryOptions({
    queryKey: ["plans", "one", id],
    queryFn: () => take(api.GET("/api/v1/plans/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.state === "released" ? 5_000 : 30_000),
  });

export function linesPage(id: string, after: string | undefined) {
  return take(api.GET("/api/v1/plans/{id}/lines", { params: { path: { id }, query: { after, limit: 100 } } }));
}

export function ordersPage(plan: string, state: string | undefined, after: string | undefined) {
  return take(api.GET("/api/v1/orders", { params: { query: { plan, state, after, limit: 50 } } }));
}

/** It is computed once more: where it would do more than what was shown, it is held again. */
export function confirm(id: string, reason: string) {
  return take(api.POST("/api/v1/plans/{id}/confirm", { params: { path: { id } }, body: { reason } }));
}

/** Compares a system with what it should hold, now. */
export function compute(system: string) {
  return take(api.POST("/api/v1/plans", { body: { system } }));
}
