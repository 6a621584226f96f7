// Breakers as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const breakersQuery = queryOptions({
  queryKey: ["breakers"],
  queryFn: () => take(api.GET("/api/v1/breakers")),
});

/** The lower of the two counts; without either there is no limit. */
export interface Limit {
  share?: number;
  number?: number;
}

export interface Declared {
  name: string;
  counts: string;
  per_run: Limit;
  window?: { minutes: number; limit: Limit };
}

/** The reason is needed where plans may do more than before. */
export function declare(breaker: Declared, reason: string) {
  return take(api.PUT("/api/v1/breakers", { body: { breaker: [{ ...breaker }], ...(reason === "" ? {} : { reason }) } }));
}
