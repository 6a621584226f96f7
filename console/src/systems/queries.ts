// Systems and roles as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const systemsQuery = queryOptions({
  queryKey: ["systems"],
  queryFn: () => take(api.GET("/api/v1/systems")),
});

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: () => take(api.GET("/api/v1/roles")),
});
