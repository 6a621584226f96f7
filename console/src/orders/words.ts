// What is done to accounts on systems, and how far that is, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";

const ACTS: Record<string, [string, Tone]> = {
  create: ["create", "good"],
  change: ["change", "plain"],
  enable: ["enable", "good"],
  disable: ["disable", "bad"],
  delete: ["delete", "bad"],
  grant: ["give", "good"],
  revoke: ["take away", "bad"],
};

/** What takes away comes first. */
export const ACT_NAMES = ["delete", "disable", "revoke", "change", "create", "enable", "grant"];

export function actName(act: string): [string, Tone] {
  return ACTS[act] ?? [act.replaceAll("_", " "), "plain"];
}

interface Deed {
  act: string;
  login?: string | null;
  /** By its name. */
  entitlement?: string | null;
  /** Whose account it is, where its login is not told. */
  identity?: { name: string } | null;
}

/** `create the account alice`, `take operators away from Alice Moreau's account`. */
export function deedLine({ act, login, entitlement, identity }: Deed): string {
  const who = login ?? (identity ? `${identity.name}'s account` : "an account");
  const what = entitlement ?? "an entitlement";
  if (act === "grant") return `give ${what} to ${who}`;
  if (act === "revoke") return `take ${what} away from ${who}`;
  return `${actName(act)[0]} ${login ? `the account ${login}` : who}`;
}

const STATES: Record<string, [string, Tone]> = {
  queued: ["waits behind an older one", "plain"],
  ordered: ["ordered", "plain"],
  sending: ["on its way", "warn"],
  unknown: ["sent, and nobody knows yet", "warn"],
  waiting: ["will be tried again", "warn"],
  waiting_for_person: ["waits for a person", "warn"],
  done: ["done, not seen yet", "warn"],
  observed: ["seen there", "good"],
  gone: ["seen gone", "good"],
  refused: ["refused", "bad"],
  conflict: ["something else is there", "bad"],
  superseded: ["nobody wants it any more", "plain"],
};

export const ORDER_STATES = Object.keys(STATES);

export function orderState(state: string): [string, Tone] {
  return STATES[state] ?? [state.replaceAll("_", " "), "plain"];
}

const CAUSES: Record<string, string> = {
  plan: "it should be so",
  leaver: "they left",
  mover: "they moved",
  grant: "a grant for a time",
  drift: "it was changed by hand",
  conversion: "standing power becomes power on request",
  person: "a person ordered it",
};

export function causeOf(cause: string): string {
  return CAUSES[cause] ?? cause.replaceAll("_", " ");
}
