// What a ledger entry says, as one sentence, the words people used, and the facts worth seeing at once. Pure.
// An entry of an unknown kind still reads well: its kind becomes the sentence and all of its facts are shown.
import type { Line } from "../api/types";
import { minutes } from "../time/format";

export interface Told {
  text: string;
  /** People's own words: a name and what they wrote. */
  quotes: [string, string][];
  /** Facts to show at once, in order. */
  main: string[];
}

type Facts = Record<string, unknown>;
type Teller = { text: string | ((facts: Facts, personal: Record<string, string>) => string); main?: string[] };

const str = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const account = (f: Facts) => [str(f["login"]), str(f["system"] ?? f["target"])].filter(Boolean).join("@");

const TELLERS: Record<string, Teller> = {
  "import.applied": { text: (_, p) => (p["what"] ? `HR feed applied: ${p["what"]} ${p["employee_id"] ?? ""}` : "HR feed applied"), main: ["records"] },
  "import.held": { text: "The breaker held an HR feed", main: ["records", "counts", "trip"] },
  "leaver.begun": { text: "The holder left, and every grant of theirs was withdrawn", main: ["event_at", "withdrawn", "machines_left_unowned"] },
  "machine.registered": { text: (f) => `Machine identity ${str(f["name"])} registered`, main: ["environment", "ends_at"] },
  "machine.changed": { text: (f) => `Machine identity ${str(f["name"])} changed`, main: ["environment"] },
  "machine.extended": { text: (f) => `Machine identity ${str(f["name"])} given a later end`, main: ["ends_at"] },
  "machine.handed_over": { text: (f) => `Machine identity ${str(f["name"])} handed over: its tokens were revoked` },
  "machine.unowned": { text: (f) => `The owner of ${str(f["name"])} left: its grants were withdrawn and its tokens revoked`, main: ["withdrawn", "deadline"] },
  "machine.ended": { text: (f) => `Machine identity ${str(f["name"])} ended`, main: ["cause", "withdrawn"] },
  "leaver.account_disabled": { text: "The leaver's account of Tenure itself was disabled" },
  "leaver.done": { text: "Every privilege of the leaver was seen gone", main: ["last_privilege_gone_at"] },
  "leaver.cancelled": { text: "The person works here again; what was withdrawn stays withdrawn" },
  "role.declared": { text: (f) => `Role ${str(f["role"])} was declared`, main: ["makes_eligible"] },
  "system.declared": { text: (f) => `System ${str(f["system"])} was declared`, main: ["owner", "logins"] },
  "request.submitted": {
    text: (f) => `Asked for ${account(f)}${typeof f["minutes"] === "number" ? ` for ${minutes(f["minutes"])}` : ""}`,
    main: ["role", "channels"],
  },
  "request.approved": { text: "Approved" },
  "request.denied": { text: "Denied" },
  "request.cancelled": { text: "Taken back", main: ["why"] },
  "request.expired": { text: "Nobody decided in time" },
  "grant.issued": { text: (f) => `Grant issued for ${account(f)}`, main: ["from", "until", "channels", "max_sessions"] },
  "grant.ended": { text: (f) => `Grant ended: ${str(f["cause"])}`, main: ["ended_at"] },
  "grant.gone": { text: "Nothing of the grant is left on the target" },
  "permit.given": { text: (f) => `One use permitted: ${str(f["channel"])}`, main: ["deadline"] },
  "permit.released": { text: "The use is over" },
  "permit.refused": { text: (f) => `Refused: ${str(f["code"]).replaceAll("_", " ")}`, main: ["target", "login", "channel"] },
  "session.not_offered": { text: (f) => `Not offered: ${str(f["code"]).replaceAll("_", " ")}`, main: ["target", "login"] },
  "session.started": { text: (f) => `Session started: ${str(f["channel"])}`, main: ["deadline"] },
  "session.ended": { text: (f) => `Session ended: ${str(f["reason"] ?? f["end_reason"]).replaceAll("_", " ")}`, main: ["exit_status", "leftover_processes"] },
  "session.kill_ordered": { text: "Ordered to end at once" },
  "session.not_opened": { text: (f) => `Could not be opened: ${str(f["code"]).replaceAll("_", " ")}` },
  "lease.issued": { text: "A certificate was made for this session alone", main: ["serial", "source_address", "expires_at"] },
  "lease.ended": { text: "The certificate went onto the revocation list", main: ["serial"] },
  "lease.gone": { text: "The certificate was offered again, and the target refused it", main: ["serial", "target"] },
  "recording.sealed": { text: "The recording was sealed", main: ["sha256", "events", "bytes", "damage"] },
  "recording.looked_at": { text: "The recording was looked at" },
  "evidence.exported": { text: "The evidence was given out", main: ["grant", "recordings"] },
  "accounts.found": { text: "Accounts were looked for on a target" },
  "sign_in.started": { text: "Signed in", main: ["expires_at"] },
  "sign_in.ended": { text: "Signed out", main: ["because"] },
  "sign_in.refused": { text: "An attempt to sign in was refused" },
  "finding.raised": { text: "Something needs attention", main: ["finding", "detail"] },
  "finding.cleared": { text: "A finding no longer holds", main: ["finding"] },
};

/** `grant.issued` as `Grant issued`. */
export function kindInWords(kind: string): string {
  const words = kind.replace(/[._]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function tell(line: Pick<Line, "kind" | "facts" | "personal">): Told {
  const teller = TELLERS[line.kind];
  const quotes = Object.entries(line.personal ?? {});
  if (!teller) return { text: kindInWords(line.kind), quotes, main: Object.keys(line.facts ?? {}) };
  const text = typeof teller.text === "string" ? teller.text : teller.text(line.facts ?? {}, line.personal ?? {});
  const main = (teller.main ?? []).filter((name) => {
    const value = line.facts?.[name];
    return value !== null && value !== undefined && value !== "";
  });
  return { text: text.trim().replace(/:$/, ""), quotes, main };
}
