// What somebody was given and how that stands, as people say it. Pure.
import type { Assignment } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { millis } from "../time/format";

const ENDS: Record<string, string> = {
  over: "its time is over",
  person: "taken back",
  not_earned: "the condition holds no more",
  undone: "what it was given for was undone",
  leaver: "they left",
};

type Terms = Pick<Assignment, "from" | "until" | "ended_at" | "ended_because">;

export function assignmentState({ from, until, ended_at, ended_because }: Terms, now: number): [string, Tone] {
  if (ended_at) return [(ended_because && (ENDS[ended_because] ?? ended_because.replaceAll("_", " "))) || "ended", "plain"];
  if (millis(from) > now) return ["not yet", "warn"];
  return until && millis(until) <= now ? ["its time is over", "plain"] : ["in force", "good"];
}

/** What it is called in a sentence. */
export function whatOf({ role, system, entitlement }: Pick<Assignment, "role" | "system" | "entitlement">): string {
  return role ? `role ${role}` : `${entitlement ?? ""} on ${system ?? ""}`;
}

/** What follows from the condition of a role ends with the condition, and not by a person. */
export function canEnd({ given_by, ended_at }: Pick<Assignment, "given_by" | "ended_at">): boolean {
  return given_by !== null && given_by !== undefined && !ended_at;
}
