// How a machine identity stands, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";

export const ENVIRONMENTS = ["production", "staging", "test", "development"];

const ENDS: Record<string, string> = {
  person: "ended by a person",
  term_over: "term over",
  no_owner: "ended without an owner",
  source: "ended by its source",
};

export function machineState({ state, ended_because }: { state: string; ended_because?: string | null }): [string, Tone] {
  if (state === "active") return ["active", "good"];
  if (state === "unowned") return ["unowned", "bad"];
  return [(ended_because && ENDS[ended_because]) || state, "plain"];
}
