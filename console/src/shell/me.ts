// Who is signed in, and what they may do.
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, take } from "../api/client";
import type { Me } from "../api/types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => take(api.GET("/api/v1/me")),
  staleTime: 60_000,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission);
}
