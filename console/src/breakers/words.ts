// What breakers count and let through, as people say it. Pure.
import { count, minutes } from "../time/format";
import type { Limit } from "./queries";

const MEASURES: Record<string, string> = {
  accounts: "accounts disabled or deleted",
  creations: "accounts created",
  grants: "entitlements taken away",
  privileged: "privileged entitlements given",
};

export function measureName(counts: string): string {
  return MEASURES[counts] ?? counts.replaceAll("_", " ");
}

interface Given {
  share?: number | null;
  number?: number | null;
}

/** `5 % or 50, whichever is less`. */
export function limitLine({ share, number }: Given): string {
  const parts = [typeof share === "number" ? percent(share) : null, typeof number === "number" ? count(number) : null].filter((part) => part !== null);
  if (parts.length === 0) return "no limit";
  return parts.length === 2 ? `${parts.join(" or ")}, whichever is less` : (parts[0] as string);
}

export function windowLine(window: { minutes: number; limit: Given } | null | undefined): string {
  return window ? `${limitLine(window.limit)}, within ${minutes(window.minutes)}` : "no limit";
}

/** A share from 0 to 1 as a percentage, with no more places than it needs. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** Of two fields that may be left out. */
export function limitOf(percentage: number | string, number: number | string): Limit {
  const limit: Limit = {};
  if (percentage !== "") limit.share = Number(percentage) / 100;
  if (number !== "") limit.number = Number(number);
  return limit;
}
