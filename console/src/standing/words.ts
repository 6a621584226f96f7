// Words for standing privileges: how risky one is, how long nobody used it, and how far a conversion is. Pure.
import type { Tone } from "../shell/StateBadge";

const RISKS: Record<string, Tone> = { low: "plain", medium: "plain", high: "warn", critical: "bad" };

export function riskTone(risk: string): Tone {
  return RISKS[risk] ?? "plain";
}

/** `Helpdesk → Operators → Admins`, or what the account has by itself. */
export function wayLine(power: { path: readonly string[]; why: string }): string {
  return power.path.length === 0 ? `by itself: ${power.why}` : `${power.path.join(" → ")}: ${power.why}`;
}

const DAY = 24 * 60 * 60 * 1000;

/** How long nobody used the account; `null` where the system does not tell. */
export function unusedDays(lastUsedAt: string | null | undefined, now: number): number | null {
  return lastUsedAt == null ? null : Math.max(0, Math.floor((now - Date.parse(lastUsedAt)) / DAY));
}

const STATES: Record<string, [string, Tone]> = {
  removing: ["is taken away", "warn"],
  done: ["on request now", "good"],
  restoring: ["is given back", "warn"],
  undone: ["stands as before", "plain"],
  abandoned: ["given up", "plain"],
};

const WHY: Record<string, string> = {
  person: "a person wanted it back",
  refused: "the system refused",
  not_gone_in_time: "it was not gone in time",
  taken_back: "the order was withdrawn, as for a protected account",
  given_otherwise: "something else gave it meanwhile",
  has_left: "whose it was has left",
  is_away: "whose it was is not at work",
  taken_otherwise: "something else took it away",
};

export function conversionState(state: string): [string, Tone] {
  return STATES[state] ?? [state.replaceAll("_", " "), "plain"];
}

export function whyLine(why: string | null | undefined): string | null {
  return why == null ? null : (WHY[why] ?? why.replaceAll("_", " "));
}

/** Whether a person can have it undone now. */
export function mayBeUndone(state: string): boolean {
  return state === "removing" || state === "done" || state === "restoring";
}

/** The roles by which every one of them could be asked for. */
export function rolesOfAll(privileges: readonly { roles: readonly string[] }[]): string[] {
  const [first, ...others] = privileges;
  return first ? first.roles.filter((role) => others.every((other) => other.roles.includes(role))) : [];
}

const STEPS: Record<string, string> = {
  "conversion.begun": "The conversion began",
  "conversion.done": "It was seen gone: it is to be asked for",
  "conversion.restoring": "It is to be given back",
  "conversion.undone": "It stands as before",
  "conversion.abandoned": "The conversion was given up",
  "order.given": "An order was given",
  "order.sent": "The order was sent",
  "order.done": "The system said that it is done",
  "order.gone": "It was seen gone",
  "order.observed": "It was seen there",
  "order.refused": "The system refused",
};

export function stepLine(kind: string): string {
  return STEPS[kind] ?? kind.replaceAll(/[._]/g, " ");
}
