// Imports as the API gives them, and a feed on its way in.
import { queryOptions } from "@tanstack/react-query";
import { api, once, take } from "../api/client";
import type { ImportRun } from "../api/types";

export function importsPage(source: string | undefined, after: string | undefined) {
  return take(api.GET("/api/v1/imports", { params: { query: { source, after, limit: 25 } } }));
}

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: () => take(api.GET("/api/v1/imports/{id}", { params: { path: { id } } })),
  });

/** A dry run shows the plan and writes nothing. */
export function feed(csv: string, source: string, how: "dry run" | "apply"): Promise<ImportRun> {
  return take(
    api.POST("/api/v1/imports", {
      params: { query: how === "dry run" ? { source, dry_run: true } : { source } },
      headers: { "Content-Type": "text/csv", ...(how === "dry run" ? {} : once()) },
      body: csv,
      bodySerializer: (body: string) => body,
    }),
  );
}

export function confirm(id: string, reason: string): Promise<ImportRun> {
  return take(api.POST("/api/v1/imports/{id}/confirm", { params: { path: { id } }, body: { reason } }));
}
