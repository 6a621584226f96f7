// How a checkout stands, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";

interface Standing {
  state: string;
  overdue: boolean;
  cause?: string | null;
}

const CAUSES: Record<string, [string, Tone]> = {
  forced: ["taken back", "warn"],
  overdue: ["taken back when overdue", "bad"],
  grant_ended: ["grant over", "plain"],
  leaver: ["holder left", "warn"],
  unanswered: ["nobody answered", "plain"],
  not_taken: ["not taken", "plain"],
  cancelled: ["cancelled", "plain"],
};

/** In a few words, and whether that is well. */
export function checkoutState({ state, overdue, cause }: Standing): [string, Tone] {
  if (state === "open") return overdue ? ["overdue", "bad"] : ["in hand", "good"];
  if (state === "pending") return ["waits for a second person", "warn"];
  if (state === "confirmed") return ["confirmed, not taken yet", "warn"];
  if (state === "returned") return ["returned", "plain"];
  return cause ? CAUSES[cause] ?? [cause.replaceAll("_", " "), "plain"] : [state, "plain"];
}

const CREDENTIALS: Record<string, [string, Tone]> = {
  stays: ["not changed", "plain"],
  ordered: ["being changed", "warn"],
  gone: ["changed", "good"],
};

/** What became of the credential that was in hand; `null` while it is. */
export function afterwards(credential: string | null | undefined): [string, Tone] | null {
  return credential ? CREDENTIALS[credential] ?? [credential, "plain"] : null;
}

/** Overdue ones first, then open ones by when they are due, then those that wait, oldest first. */
export function openFirst<T extends Standing & { due_at?: string | null; asked_at: string }>(checkouts: readonly T[]): T[] {
  const rank = (checkout: T) => (checkout.state !== "open" ? 2 : checkout.overdue ? 0 : 1);
  return checkouts.toSorted((a, b) => rank(a) - rank(b) || (a.due_at ?? a.asked_at).localeCompare(b.due_at ?? b.asked_at));
}
