// Assignments as the API gives them, and what a person gives or takes back.
import { api, take } from "../api/client";

export interface AssignmentFilter {
  identity?: string;
  role?: string;
  /** Those that were ended are left out. */
  open?: boolean;
}

export function assignmentsPage(filter: AssignmentFilter, after: string | undefined) {
  return take(api.GET("/api/v1/assignments", { params: { query: { ...filter, after, limit: 50 } } }));
}

/** A role, or an entitlement with its system; moments are RFC 3339 texts. */
export interface NewAssignment {
  identity: string;
  role?: string;
  system?: string;
  entitlement?: string;
  at?: string;
  until?: string;
  reason: string;
}

export function give(body: NewAssignment) {
  return take(api.POST("/api/v1/assignments", { body }));
}

export function end(id: string, reason: string) {
  return take(api.POST("/api/v1/assignments/{id}/end", { params: { path: { id } }, body: { reason } }));
}
