// Machine identities as the API gives them.
import { queryOptions } from "@tanstack/react-query";
import { api, take } from "../api/client";

export interface MachineFilter {
  state?: string;
  environment?: string;
}

export function machinesPage(filter: MachineFilter, after: string | undefined) {
  return take(api.GET("/api/v1/machines", { params: { query: { ...filter, after, limit: 50 } } }));
}

export const machineQuery = (id: string) =>
  queryOptions({
    queryKey: ["machines", id],
    queryFn: () => take(api.GET("/api/v1/machines/{id}", { params: { path: { id } } })),
  });

export const machineTokensQuery = (id: string) =>
  queryOptions({
    queryKey: ["machines", id, "tokens"],
    queryFn: () => take(api.GET("/api/v1/machines/{id}/tokens", { params: { path: { id } } })),
  });

export interface NewMachine {
  name: string;
  purpose: string;
  environment: string;
  days: number;
}

export function register(body: NewMachine) {
  return take(api.POST("/api/v1/machines", { body }));
}

export function change(id: string, body: { purpose: string; environment: string }) {
  return take(api.PUT("/api/v1/machines/{id}", { params: { path: { id } }, body }));
}

export function extend(id: string, days: number) {
  return take(api.POST("/api/v1/machines/{id}/extend", { params: { path: { id } }, body: { days } }));
}

export function handOver(id: string, body: { owner: string; reason: string }) {
  return take(api.POST("/api/v1/machines/{id}/hand-over", { params: { path: { id } }, body }));
}

export function end(id: string, reason: string) {
  return take(api.POST("/api/v1/machines/{id}/end", { params: { path: { id } }, body: { reason } }));
}

export function revokeToken(id: string, token: string) {
  return take(api.DELETE("/api/v1/machines/{id}/tokens/{token}", { params: { path: { id, token } } }));
}
