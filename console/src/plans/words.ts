// How a plan stands and what it does, as people say it. Pure.
import type { Plan, PlanOutcome } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { count, many } from "../time/format";

const STATES: Record<string, [string, Tone]> = {
  held: ["held: waits for a person", "warn"],
  released: ["being carried out", "good"],
  settled: ["over", "plain"],
  superseded: ["a later plan took its place", "plain"],
};

export function planState(state: string): [string, Tone] {
  return STATES[state] ?? [state, "plain"];
}

type Counts = Plan["counts"];

/** What it does, what takes away first; what it does not do is left out. */
export function effects(counts: Counts): { what: string; n: number; tone: Tone }[] {
  const all: [string, number, Tone][] = [
    ["deleted", counts.delete, "bad"],
    ["disabled", counts.disable, "bad"],
    ["taken away", counts.revoke, "bad"],
    ["changed", counts.change, "plain"],
    ["created", counts.create, "good"],
    ["enabled", counts.enable, "good"],
    ["given", counts.grant, "good"],
    ["of these privileged", counts.privileged, "warn"],
  ];
  return all.filter(([, n]) => n > 0).map(([what, n, tone]) => ({ what, n, tone }));
}

/** The same in one line: `2 accounts deleted, 1 entitlement given`. */
export function effectLine(counts: Counts): string {
  const parts = [
    [many(counts.delete, "account"), "deleted", counts.delete],
    [many(counts.disable, "account"), "disabled", counts.disable],
    [many(counts.revoke, "entitlement"), "taken away", counts.revoke],
    [many(counts.change, "account"), "changed", counts.change],
    [many(counts.create, "account"), "created", counts.create],
    [many(counts.enable, "account"), "enabled", counts.enable],
    [many(counts.grant, "entitlement"), counts.privileged > 0 ? `given, ${count(counts.privileged)} of them privileged` : "given", counts.grant],
  ] as const;
  return parts.filter(([, , n]) => n > 0).map(([what, done]) => `${what} ${done}`).join(", ") || "nothing";
}

/** What came of comparing a system, or of confirming its plan. */
export function outcomeLine({ outcome, held_because }: Pick<PlanOutcome, "outcome" | "held_because">, asked: "compared" | "confirmed"): [string, "good" | "bad"] {
  switch (outcome) {
    case "released":
      return ["The plan is being carried out.", "good"];
    case "held":
      return [`${asked === "confirmed" ? "It would do more than what was shown, and is held again" : "The plan is held"}: ${held_because.join("; ")}`, "bad"];
    default:
      return ["There is nothing to do that is not done or held already.", "good"];
  }
}
