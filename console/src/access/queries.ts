// What is mine, as the API gives it.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const myAccessQuery = queryOptions({
  queryKey: ["me", "access"],
  queryFn: () => take(api.GET("/api/v1/me/access")),
  refetchInterval: 10_000,
});
