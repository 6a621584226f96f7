// Scans for values of the vault, and what the set-up invites. No answer holds a value.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export function scansPage(after: string | undefined) {
  return take(api.GET("/api/v1/scans", { params: { query: { after, limit: 50 } } }));
}

export const lintQuery = queryOptions({
  queryKey: ["hygiene", "lint"],
  queryFn: () => take(api.GET("/api/v1/hygiene/lint")),
});

export function scanRecordings() {
  return take(api.POST("/api/v1/scans/recordings"));
}
