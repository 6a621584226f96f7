// How long each part of a leaver's case took, and what became of what they owned, as people say it. Pure.
import type { Leaver, Ownership } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { absolute, duration } from "../time/format";

export interface Part {
  name: string;
  /** Milliseconds since the news; `null` while it is not over, or where there was nothing to do. */
  took: number | null;
  isOver: boolean;
}

const PARTS: [step: string, name: string, took: keyof Leaver["seconds"]][] = [
  ["await_sessions_ended", "Live sessions ended", "sessions_ended"],
  ["await_privilege_gone", "Last privilege gone", "last_privilege_gone"],
  ["await_accounts_disabled", "Accounts disabled", "accounts_disabled"],
  ["await_ownership", "Everything owned", "owned"],
];

/** The parts of a leaver's case in their order, privilege first. */
export function parts(leaver: Leaver): Part[] {
  const at = PARTS.findIndex(([step]) => step === leaver.step);
  return PARTS.map(([, name, field], i) => {
    const seconds = leaver.seconds[field];
    return { name, took: typeof seconds === "number" ? seconds * 1000 : null, isOver: leaver.step === "done" || (at >= 0 && i < at) };
  });
}

/** `1.2 s`: tenths count where it was quick. */
export function tookLine(ms: number): string {
  return ms >= 1000 && ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

const KINDS: Record<string, string> = {
  machine: "machine identity",
  account: "account under management",
  source: "source of people",
};

export function thingKind(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** Who answers for it since, or until when it exists. */
export function ownershipState({ state, successor, deadline }: Pick<Ownership, "state" | "successor" | "deadline">): [string, Tone] {
  switch (state) {
    case "unowned":
      return ["nobody answers for it", "bad"];
    case "handed_over":
      return [successor ? `${successor.name}'s` : "handed over", "good"];
    case "dies_at":
      return [deadline ? `ends ${absolute(deadline)}` : "ends by itself", "warn"];
    case "gone":
      return ["gone", "plain"];
    default:
      return [state.replaceAll("_", " "), "plain"];
  }
}
