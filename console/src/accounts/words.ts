// What the API says about accounts and their rotations, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { duration } from "../time/format";

const STATES: Record<string, [string, Tone]> = {
  settled: ["settled", "good"],
  changing: ["being changed", "warn"],
  unknown: ["unknown: nothing kept logs in", "bad"],
};

/** The state of an account, and whether that is well. One that is not managed any more has none. */
export function accountState(account: { state: string; unmanaged_at?: string | null }): [string, Tone] {
  if (account.unmanaged_at) return ["no longer managed", "plain"];
  return STATES[account.state] ?? [account.state, "plain"];
}

const ROTATIONS: Record<string, [string, Tone]> = {
  open: ["under way", "warn"],
  settled: ["done", "good"],
  rolled_back: ["rolled back", "bad"],
  lost: ["lost: nothing kept logs in", "bad"],
  unmanaged: ["account given up", "plain"],
};

export function rotationState(state: string): [string, Tone] {
  return ROTATIONS[state] ?? [state, "plain"];
}

const CAUSES: Record<string, string> = {
  person: "somebody asked",
  schedule: "its time had come",
  checked_in: "its one use was over",
  overdue: "it was kept too long",
  forced: "it was taken back",
  grant_ended: "whoever knew it may no longer",
  leaver: "whoever knew it has left",
  leak: "it was found in the open",
  drift: "it no longer logged in",
  reconcile: "somebody asked to reconcile",
  import: "it came under management",
  dependents: "files still held the one before",
};

export function causeOf(cause: string): string {
  return CAUSES[cause] ?? cause.replaceAll("_", " ");
}

const VERSIONS: Record<string, [string, Tone]> = {
  candidate: ["being tried", "warn"],
  current: ["current", "good"],
  previous: ["previous", "plain"],
  refused: ["refused by the target", "plain"],
};

/** Of a version of a credential; what was destroyed cannot come back. */
export function versionState(version: { state: string; destroyed_at?: string | null }): [string, Tone] {
  const [word, tone] = VERSIONS[version.state] ?? [version.state, "plain"];
  return version.destroyed_at ? [`${word}, destroyed`, "plain"] : [word, tone];
}

const KINDS: Record<string, string> = { ssh_key: "SSH key", api_key: "API key" };

/** Of accounts and of credentials: `SSH key`, `password`, `shared`. */
export function kindName(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** The same as the name of a field. */
export function credentialLabel(kind: string): string {
  const name = kindName(kind);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** As whom a credential is changed: what Tenure cannot log in with is replaced by a person. */
export function changedBy({ verifiable, change_as }: { verifiable: boolean; change_as: string }, isOnHost: boolean): string {
  if (!verifiable) return "a person, who then gives Tenure the new one";
  if (isOnHost) return "Tenure, signed in to the host";
  return change_as === "itself" ? "the account itself" : "the administrator of the service";
}

/** `every 30 d`; a schedule that there is not is said too. */
export function every(seconds: number | null | undefined): string {
  return seconds ? `every ${duration(seconds * 1000)}` : "not by schedule";
}

/** Of a file that holds the password: whether it is kept, and whether it holds the one that logs in now. */
export function dependentState(
  dependent: { state: string; holds: number; last_error?: string | null },
  account: { current?: number | null },
): [string, Tone] {
  if (dependent.state === "found") return ["found, not kept", "plain"];
  if (dependent.last_error) return ["could not be updated", "bad"];
  return dependent.holds === account.current ? ["up to date", "good"] : ["holds an earlier one", "warn"];
}
