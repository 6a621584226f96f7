// What was changed by hand on a system, told from what would change it back. Pure.
import type { Tone } from "../shell/StateBadge";

interface Found {
  changed_back_by: string;
  identity: { name: string };
  /** Of the account, where it is there. */
  login?: string | null;
  /** By its name. */
  entitlement?: string | null;
}

/** `alice has operators`, where what would change it back takes operators away. */
export function foundLine({ changed_back_by, identity, login, entitlement }: Found): string {
  const who = login ?? `${identity.name}'s account`;
  const what = entitlement ?? "an entitlement";
  switch (changed_back_by) {
    case "revoke":
      return `${who} has ${what}`;
    case "grant":
      return `${who} lacks ${what}`;
    case "create":
      return `${who} is not there`;
    case "delete":
      return `${who} is there`;
    case "disable":
      return `${who} is enabled`;
    case "enable":
      return `${who} is disabled`;
    case "change":
      return `${who} is not as it should be`;
    default:
      return `${who}: ${changed_back_by.replaceAll("_", " ")}`;
  }
}

const STATES: Record<string, [string, Tone]> = {
  waiting: ["waits for a person", "warn"],
  reverting: ["is changed back", "plain"],
  accepted: ["stays", "good"],
  over: ["over", "plain"],
};

export function driftState(state: string): [string, Tone] {
  return STATES[state] ?? [state, "plain"];
}
