// Lifecycle states and what people order about them, as people say it. Pure.
import type { StateOrder, StatePhase } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { absolute, millis } from "../time/format";

const STATES: Record<string, [string, Tone]> = {
  pre_hire: ["not yet started", "plain"],
  active: ["active", "good"],
  leave: ["on leave", "warn"],
  suspended: ["suspended", "bad"],
  terminated: ["left", "plain"],
  archived: ["left long ago", "plain"],
};

/** Every state that somebody can be in. */
export const STATE_NAMES = Object.keys(STATES);

export function stateName(state: string): [string, Tone] {
  return STATES[state] ?? [state.replaceAll("_", " "), "plain"];
}

const CAUSES: Record<string, string> = {
  last_day_passed: "the last day of work is over",
  stated: "the source says so",
  absent_from_feed: "the source does not name them any more",
  never_started: "it ended before the first day",
  for_cause: "a person said so, for cause",
};

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What belongs to a state besides its name; empty where nothing does. */
export function phaseLine({ state, facts }: Pick<StatePhase, "state" | "facts">): string {
  const until = text(facts["until"]);
  switch (state) {
    case "pre_hire":
      return facts["preparing"] === true ? "accounts may be prepared" : "too early to prepare accounts";
    case "leave":
      return until ? `until ${absolute(until)}` : "nobody said until when";
    case "suspended":
      return until ? `until ${absolute(until)}` : "until a person lifts it";
    case "terminated": {
      const cause = causeOf(facts["cause"]);
      const grace = facts["keeps_accounts"] === true ? "what is ordinary on their disabled accounts stays for their grace" : "";
      return [cause, grace].filter(Boolean).join("; ");
    }
    case "archived":
      return "what was kept for a return may go";
    default:
      return "";
  }
}

function causeOf(given: unknown): string {
  const cause = typeof given === "object" && given !== null ? text((given as Record<string, unknown>)["cause"]) : text(given);
  return cause === null ? "" : (CAUSES[cause] ?? cause.replaceAll("_", " "));
}

const ORDERS: Record<string, string> = {
  suspended: "suspended",
  terminated_for_cause: "left, for cause",
  leave: "on leave",
};

export function orderName(kind: string): string {
  return ORDERS[kind] ?? kind.replaceAll("_", " ");
}

type Terms = Pick<StateOrder, "from" | "until" | "lifted_at">;

/** Whether it holds, or will: only such an order can be lifted. */
export function isOpen({ until, lifted_at }: Terms, now: number): boolean {
  return !lifted_at && (!until || millis(until) > now);
}

export function orderState(order: Terms, now: number): [string, Tone] {
  if (order.lifted_at) return ["lifted", "plain"];
  if (!isOpen(order, now)) return ["over", "plain"];
  return millis(order.from) > now ? ["will hold", "warn"] : ["holds", "bad"];
}
