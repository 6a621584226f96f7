// People who moved, as the API gives it.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export function moversPage(open: boolean, after: string | undefined) {
  return take(api.GET("/api/v1/movers", { params: { query: { open: open || undefined, after, limit: 50 } } }));
}

export const moverQuery = (id: string) =>
  queryOptions({
    queryKey: ["movers", "one", id],
    queryFn: () => take(api.GET("/api/v1/movers/{id}", { params: { path: { id } } })),
  });
