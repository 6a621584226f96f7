// Standing privileges and their conversions, as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface StandingFilter {
  system?: string;
  owner?: string;
  risk?: "low" | "medium" | "high" | "critical";
  convertible?: boolean;
}

export function standingPage(filter: StandingFilter, after: string | undefined) {
  return take(api.GET("/api/v1/standing", { params: { query: { ...filter, after, limit: 50 } } }));
}

export function conversionsPage(filter: { state?: string }, after: string | undefined) {
  return take(api.GET("/api/v1/conversions", { params: { query: { ...filter, after, limit: 50 } } }));
}

export const conversionQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversions", id],
    queryFn: () => take(api.GET("/api/v1/conversions/{id}", { params: { path: { id } } })),
    refetchInterval: 5_000,
  });

export interface Wanted {
  memberships: string[];
  role?: string;
}

/** What would come of it; nothing is kept, so the reason does not matter yet. */
export const rehearsalQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ["standing", "rehearsal", wanted],
    queryFn: () => take(api.POST("/api/v1/standing/rehearse", { body: { ...wanted, reason: "a look at what would come of it" } })),
    staleTime: 0,
  });

export function convert(wanted: Wanted, order: { reason: string; within_minutes: number; let_through: boolean }) {
  return take(api.POST("/api/v1/standing/convert", { body: { ...wanted, ...order } }));
}

export function undo(id: string, reason: string) {
  return take(api.POST("/api/v1/conversions/{id}/undo", { params: { path: { id } }, body: { reason } }));
}
