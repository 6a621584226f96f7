// The seal as the API gives it. Its status may be read by anybody: nobody can sign in while it is closed.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export const sealQuery = queryOptions({
  queryKey: ["seal"],
  queryFn: () => take(api.GET("/api/v1/seal")),
  refetchInterval: (query) => (query.state.data?.resealing?.finished === false ? 2_000 : 15_000),
});

export function unseal(share: string, nonce: string | null | undefined) {
  return take(api.POST("/api/v1/seal/unseal", { body: { share, nonce } }));
}

export function rekey() {
  return take(api.POST("/api/v1/seal/rekey"));
}

export function rotateRoot() {
  return take(api.POST("/api/v1/seal/rotate-root"));
}

export function close(reason: string) {
  return take(api.POST("/api/v1/seal/seal", { body: { reason } }));
}
