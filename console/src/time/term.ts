// How much of a term is used and how much remains. Pure.
import { millis } from "./format";

export interface Term {
  from: string;
  until: string;
  /** When it ended before its time; absent while it stands. */
  endedAt?: string | null;
}

export interface Remaining {
  phase: "ahead" | "running" | "closing" | "over";
  /** Milliseconds until the end, 0 when over. */
  left: number;
  /** Share of the term that remains, from 0 to 1. */
  share: number;
}

/** A term is closing in its last tenth, and always in its last two minutes. */
export function remaining(term: Term, now: number): Remaining {
  const from = millis(term.from);
  const until = millis(term.until);
  const length = Math.max(1, until - from);
  if (term.endedAt || now >= until) return { phase: "over", left: 0, share: 0 };
  if (now < from) return { phase: "ahead", left: until - now, share: 1 };
  const left = until - now;
  const share = left / length;
  return { phase: share <= 0.1 || left <= 120_000 ? "closing" : "running", left, share };
}

/** Where a moment lies between two others, from 0 to 1. */
export function position(at: number, from: number, until: number): number {
  if (until <= from) return 0;
  return Math.min(1, Math.max(0, (at - from) / (until - from)));
}
