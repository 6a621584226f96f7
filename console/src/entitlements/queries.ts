// What is said about entitlements, as the API gives it.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const entitlementsQuery = queryOptions({
  queryKey: ["entitlements"],
  queryFn: () => take(api.GET("/api/v1/entitlements")),
});

export interface Description {
  system: string;
  slug: string;
  /** Mail address. */
  owner: string;
  description: string;
  risk: string;
  /** Left out where the system's connector has the word. */
  privileged?: { is: boolean; why: string };
  requestable: boolean;
  /** Left out where the policy has the word. */
  max_minutes?: number;
}

/** Those not named stay as they are. A reason is needed where more passes than before, or it is said to give no power. */
export function describe(entitlement: Description, reason?: string) {
  return take(api.PUT("/api/v1/entitlements", { body: { entitlement: [{ ...entitlement }], reason } }));
}
