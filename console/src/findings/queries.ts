// Findings as the API gives them: open ones first.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const findingsQuery = queryOptions({
  queryKey: ["findings"],
  queryFn: () => take(api.GET("/api/v1/findings")),
  refetchInterval: 15_000,
});
