// Sources of people as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: () => take(api.GET("/api/v1/sources")),
});

/** Who pushes to a source of kind `scim`. */
export const scimClientQuery = (name: string) =>
  queryOptions({
    queryKey: ["sources", name, "scim"],
    queryFn: () => take(api.GET("/api/v1/sources/{name}/scim", { params: { path: { name } } })),
  });

/** Whether Tenure asks the source itself, instead of waiting for a feed or a push. */
export function isRead({ kind }: { kind: string }): boolean {
  return kind !== "csv" && kind !== "scim";
}

export function readingsPage(name: string, after: string | undefined) {
  return take(api.GET("/api/v1/sources/{name}/readings", { params: { path: { name }, query: { after, limit: 10 } } }));
}

export function read(name: string) {
  return take(api.POST("/api/v1/sources/{name}/read", { params: { path: { name } } }));
}

/** Asks for a little and keeps nothing of it. */
export function tryOut(name: string) {
  return take(api.POST("/api/v1/sources/{name}/test", { params: { path: { name } } }));
}
