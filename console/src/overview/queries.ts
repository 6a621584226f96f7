// The figures of the whole, as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: () => take(api.GET("/api/v1/overview")),
  refetchInterval: 5_000,
});

export const invariantsQuery = queryOptions({
  queryKey: ["invariants"],
  queryFn: () => take(api.GET("/api/v1/invariants")),
  refetchInterval: 30_000,
});
