// Grants and their stories as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const storyQuery = (id: string) =>
  queryOptions({
    queryKey: ["grants", id, "story"],
    queryFn: () => take(api.GET("/api/v1/grants/{id}/story", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && query.state.data.grant.state !== "gone" ? 5_000 : false),
  });

export async function evidence(id: string): Promise<Blob> {
  return (await take(api.GET("/api/v1/grants/{id}/evidence", { params: { path: { id } }, parseAs: "blob" }))) as unknown as Blob;
}
