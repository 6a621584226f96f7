// What somebody who moved keeps for a while, and why the rest ended at once. Pure.
import type { Mover } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { millis } from "../time/format";

const WHYS: Record<string, string> = {
  privileged: "it gives power",
  conflict: "it conflicts with what they have since",
  no_grace: "nothing is kept after a move",
};

export function whyEnded(why: string | null | undefined): string {
  return why ? (WHYS[why] ?? why.replaceAll("_", " ")) : "";
}

export function moverState({ settled_at, grace_until, kept }: Pick<Mover, "settled_at" | "grace_until" | "kept">, now: number): [string, Tone] {
  if (settled_at || kept.length === 0) return ["settled", "good"];
  return millis(grace_until) > now ? ["keeps some for a while", "warn"] : ["the grace is over", "plain"];
}
