// Checkouts as the API gives them. The credential itself is in one answer only, which no cache keeps.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

/** Those that wait or are open: mine, or everybody's. */
export const activeCheckoutsQuery = (mine: boolean) =>
  queryOptions({
    queryKey: ["checkouts", "active", mine],
    queryFn: () => take(api.GET("/api/v1/checkouts", { params: { query: { active: true, mine, limit: 200 } } })),
    refetchInterval: 5_000,
  });

/** Other people's that I could say yes to now. */
export const toConfirmQuery = queryOptions({
  queryKey: ["checkouts", "to confirm"],
  queryFn: () => take(api.GET("/api/v1/checkouts", { params: { query: { to_confirm: true } } })),
  refetchInterval: 5_000,
});

export function checkoutsPage(filter: { mine?: boolean; target?: string }, after: string | undefined) {
  return take(api.GET("/api/v1/checkouts", { params: { query: { ...filter, after, limit: 50 } } }));
}

export function checkOut(body: { target: string; login: string; minutes: number; reason: string }) {
  return take(api.POST("/api/v1/checkouts", { body }));
}

export function confirm(id: string) {
  return take(api.POST("/api/v1/checkouts/{id}/confirm", { params: { path: { id } } }));
}

export function giveBack(id: string) {
  return take(api.POST("/api/v1/checkouts/{id}/return", { params: { path: { id } } }));
}

export function extend(id: string, minutes: number) {
  return take(api.POST("/api/v1/checkouts/{id}/extend", { params: { path: { id } }, body: { minutes } }));
}

export function force(id: string, reason: string) {
  return take(api.POST("/api/v1/checkouts/{id}/force", { params: { path: { id } }, body: { reason } }));
}
