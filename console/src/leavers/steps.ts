// How far a leaver is, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";

const STEPS: Record<string, string> = {
  await_sessions_ended: "live sessions are being ended",
  await_privilege_gone: "signing in has ended; privileges are being observed gone",
  await_accounts_disabled: "every privilege is gone; accounts are being observed disabled",
  await_ownership: "every account is disabled; what they owned needs an owner",
  done: "done: nothing of theirs is left open",
  cancelled: "cancelled: the person works here again; what was withdrawn stays withdrawn",
};

export function stepLine(step: string): string {
  return STEPS[step] ?? step.replaceAll("_", " ");
}

/** The same in a word or two. */
export function leaverState(step: string): [string, Tone] {
  if (step === "done") return ["done", "good"];
  if (step === "cancelled") return ["cancelled", "plain"];
  return [step === "await_ownership" ? "needs an owner" : "under way", "warn"];
}
