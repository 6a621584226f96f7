// What a simulation says, as people say it. Pure.
import type { Simulation, SimulationEffect } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { count } from "../time/format";

export function simulationState(state: string): [string, Tone] {
  return state === "applied" ? ["declared", "good"] : ["nothing is declared yet", "plain"];
}

const ACTS: Record<string, [string, Tone]> = {
  loses: ["loses", "bad"],
  changes: ["changes", "plain"],
  gains: ["gains", "good"],
};

export function actWord(act: string): [string, Tone] {
  return ACTS[act] ?? [act, "plain"];
}

/** Such as `the entitlement admins on corp`. */
export function whatLine({ kind, name, system }: Pick<SimulationEffect, "kind" | "name" | "system">): string {
  const on = system ? ` on ${system}` : "";
  switch (kind) {
    case "role":
      return `the role ${name}`;
    case "entitlement":
      return `the entitlement ${name}${on}`;
    case "eligibility":
      return `may ask for ${name}${on}`;
    case "account":
      return `${name}${on}`;
    case "conflict":
      return `holds both ${name}`;
    default:
      return name;
  }
}

/** `60 minutes → 30 minutes`; `null` where neither side has a value. */
export function valuesLine({ before, after }: Pick<SimulationEffect, "before" | "after">): string | null {
  if (before == null && after == null) return null;
  return before == null ? String(after) : after == null ? before : `${before} → ${after}`;
}

type Totals = Pick<Simulation, "gained" | "lost" | "changed" | "conflicts">;

/** What it does to everybody together, what takes away first; what it does not do is left out. */
export function totals({ gained, lost, changed, conflicts }: Totals): { what: string; n: number }[] {
  const all: [string, number][] = [
    ["forbidden pairs", conflicts],
    ["roles lost", lost.roles],
    ["entitlements lost", lost.entitlements],
    ["accounts lost", lost.accounts],
    ["logins not to be asked for any more", lost.eligibilities],
    ["roles gained", gained.roles],
    ["entitlements gained", gained.entitlements],
    ["of these privileged", gained.privileged],
    ["accounts gained", gained.accounts],
    ["logins to ask for", gained.eligibilities],
    ["other changes", changed],
  ];
  return all.filter(([, n]) => n > 0).map(([what, n]) => ({ what, n }));
}

/** In one line, for how many of how many. */
export function peopleLine({ people, looked_at }: Pick<Simulation, "people" | "looked_at">): string {
  return `for ${people === 0 ? "none" : count(people)} of ${count(looked_at)} people`;
}

/** `line 4, column 14`; empty where no line is to blame. */
export function placeLine({ line, column }: { line: number; column: number }): string {
  return line > 0 ? `line ${line}, column ${column}` : "";
}
