// Requests as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

/** Those that I may decide on now. */
export const toDecideQuery = queryOptions({
  queryKey: ["requests", "to decide"],
  queryFn: () => take(api.GET("/api/v1/requests", { params: { query: { to_decide: true } } })),
  refetchInterval: 15_000,
});

/** Every pending request that I may see. */
export const pendingQuery = queryOptions({
  queryKey: ["requests", "pending"],
  queryFn: () => take(api.GET("/api/v1/requests", { params: { query: { state: "pending", limit: 200 } } })),
  refetchInterval: 15_000,
});

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", id],
    queryFn: () => take(api.GET("/api/v1/requests/{id}", { params: { path: { id } } })),
  });
