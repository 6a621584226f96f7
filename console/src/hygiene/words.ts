// How a scan stands and what it found, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { count, many, millis } from "../time/format";

interface Standing {
  matched: number;
  ended_at?: string | null;
  expires_at: string;
}

/** A scan that found something is bad, however it ended. */
export function scanState({ matched, ended_at, expires_at }: Standing, now: number): [string, Tone] {
  if (matched > 0) return [`${count(matched)} found`, "bad"];
  if (ended_at) return ["nothing found", "good"];
  return now > millis(expires_at) ? ["not finished", "plain"] : ["under way", "warn"];
}

const SUBJECTS: Record<string, string> = { git: "a git repository", folder: "a folder", recordings: "session recordings" };

export function scanned(what: string): string {
  return SUBJECTS[what] ?? what;
}

export function ruleName(rule: string): string {
  return rule.replaceAll("_", " ");
}

/** What came of a scan of the recordings, in one line. */
export function recordingsLine({ recordings, unreadable, found }: { recordings: number; unreadable: number; found: readonly unknown[] }): string {
  const read = `${many(recordings, "recording")} read`;
  const rest = unreadable > 0 ? `, ${count(unreadable)} could not be read here` : "";
  return `${read}${rest}: ${found.length === 0 ? "no value of the vault in them" : `${many(found.length, "value")} of the vault in them`}`;
}
