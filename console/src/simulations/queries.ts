// Simulations, as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export function simulationsPage(state: string | undefined, after: string | undefined) {
  return take(api.GET("/api/v1/simulations", { params: { query: { state, after, limit: 50 } } }));
}

export const simulationQuery = (id: string) =>
  queryOptions({
    queryKey: ["simulations", "one", id],
    queryFn: () => take(api.GET("/api/v1/simulations/{id}", { params: { path: { id } } })),
  });

export function linesPage(id: string, after: string | undefined) {
  return take(api.GET("/api/v1/simulations/{id}/lines", { params: { path: { id }, query: { after, limit: 50 } } }));
}

/** Computed for everybody; nothing is declared. */
export function run(text: string) {
  return take(api.POST("/api/v1/simulations", { body: { files: [{ name: "console.yaml", text }], prune: false } }));
}

export function apply(id: string, reason: string) {
  return take(api.POST("/api/v1/simulations/{id}/apply", { params: { path: { id } }, body: { reason } }));
}
