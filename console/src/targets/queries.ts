// Targets and what was found on them, as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const targetsQuery = queryOptions({ queryKey: ["targets"], queryFn: () => take(api.GET("/api/v1/targets")) });

export const servicesQuery = queryOptions({ queryKey: ["services"], queryFn: () => take(api.GET("/api/v1/services")) });

export const accountsQuery = (name: string) =>
  queryOptions({
    queryKey: ["targets", name, "accounts"],
    queryFn: () => take(api.GET("/api/v1/targets/{name}/accounts", { params: { path: { name } } })),
  });

export function discover(name: string) {
  return take(api.POST("/api/v1/targets/{name}/discover", { params: { path: { name } } }));
}
