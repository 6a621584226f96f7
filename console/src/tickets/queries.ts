// Tickets as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface TicketFilter {
  state?: string;
  system?: string;
}

export function ticketsPage(filter: TicketFilter, after: string | undefined) {
  return take(api.GET("/api/v1/tickets", { params: { query: { ...filter, after, limit: 50 } } }));
}

/** Those that wait, at most so many as one page holds. */
export const openTicketsQuery = queryOptions({
  queryKey: ["tickets", "open"],
  queryFn: () => take(api.GET("/api/v1/tickets", { params: { query: { state: "open", limit: 100 } } })),
  refetchInterval: 60_000,
});

export const ticketQuery = (id: string) =>
  queryOptions({
    queryKey: ["tickets", "one", id],
    queryFn: () => take(api.GET("/api/v1/tickets/{id}", { params: { path: { id } } })),
  });

export function done(id: string, proof: string) {
  return take(api.POST("/api/v1/tickets/{id}/done", { params: { path: { id } }, body: { proof } }));
}
