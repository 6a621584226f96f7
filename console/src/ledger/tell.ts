// What a ledger entry says, as one sentence, the words people used, and the facts worth seeing at once. Pure.
// An entry of an unknown kind still reads well: its kind becomes the sentence and all of its facts are shown.
import type { Line } from "../api/types";
import { stateName } from "../identities/states";
import { minutes } from "../time/format";
import { ON_SYSTEMS } from "./onSystems";
import { account, str, type Facts, type Teller } from "./teller";

export interface Told {
  text: string;
  /** People's own words: a name and what they wrote. */
  quotes: [string, string][];
  /** Facts to show at once, in order. */
  main: string[];
}

/** `active` to a state with facts of its own. */
function stateChange(from: unknown, to: unknown): string {
  const name = (state: unknown) => str(typeof state === "object" && state !== null ? (state as Facts)["state"] : state);
  const [was, is] = [name(from), name(to)].map((state) => (state === "" ? "" : stateName(state)[0]));
  return was && is ? `From ${was} to ${is}` : "The state became another";
}

const TELLERS: Record<string, Teller> = {
  ...ON_SYSTEMS,
  "import.applied": { text: (_, p) => (p["what"] ? `Feed applied: ${p["what"]} ${p["employee_id"] ?? ""}` : "Feed applied"), main: ["source", "records"] },
  "import.held": { text: "The breaker held a feed", main: ["source", "records", "counts", "trip"] },
  "source.declared": { text: (f) => `Source ${str(f["source"])} was declared`, main: ["kind", "owner"] },
  "source.read": { text: (f) => `A feed of ${str(f["source"])} was taken, and nothing in it was new`, main: ["records"] },
  "source.refused": { text: (f) => `A feed of ${str(f["source"])} was refused`, main: ["detail"] },
  "match.opened": { text: (f) => `A record of ${str(f["source"])} may be of somebody whom Tenure knows`, main: ["candidates"] },
  "match.decided": { text: (f) => (f["identity"] ? "Said whose the record is" : "Said that the record is of somebody new"), main: ["identity"] },
  "match.moot": { text: "Whose the record is was settled without a person", main: ["source"] },
  "identity.state_changed": { text: (f) => stateChange(f["from"], f["to"]) },
  "identity.terminated_for_cause": { text: "Ordered: has left, for cause", main: ["from"] },
  "identity.suspended": { text: "Ordered: suspended", main: ["from", "until"] },
  "identity.leave_ordered": { text: "Ordered: on leave", main: ["from", "until"] },
  "identity.resumed": { text: "What a person had ordered was lifted", main: ["lifted"] },
  "assignment.given": { text: (f) => `Given: ${str(f["what"])}`, main: ["identity", "from", "until"] },
  "assignment.ended": { text: (f) => `No longer given: ${str(f["what"])}`, main: ["identity", "cause"] },
  "assignments.derived": { text: "What roles grant by their conditions was derived anew", main: ["given", "ended"] },
  "entitlement.loosened": { text: "An entitlement lets more through than before", main: ["owner", "privileged", "requestable", "max_minutes"] },
  "entitlement.declared": { text: "An entitlement was described", main: ["owner", "risk", "privileged"] },
  "leaver.begun": { text: "The holder left, and every grant of theirs was withdrawn", main: ["event_at", "withdrawn", "machines_left_unowned", "ordered"] },
  "machine.registered": { text: (f) => `Machine identity ${str(f["name"])} registered`, main: ["environment", "ends_at"] },
  "machine.changed": { text: (f) => `Machine identity ${str(f["name"])} changed`, main: ["environment"] },
  "machine.extended": { text: (f) => `Machine identity ${str(f["name"])} given a later end`, main: ["ends_at"] },
  "machine.handed_over": { text: (f) => `Machine identity ${str(f["name"])} handed over: its tokens were revoked` },
  "machine.unowned": { text: (f) => `The owner of ${str(f["name"])} left: its grants were withdrawn and its tokens revoked`, main: ["withdrawn", "deadline"] },
  "machine.ended": { text: (f) => `Machine identity ${str(f["name"])} ended`, main: ["cause", "withdrawn"] },
  "leaver.account_disabled": { text: "The leaver's account of Tenure itself was disabled" },
  "leaver.done": { text: "Nothing of the leaver is left open", main: ["last_privilege_gone_at"] },
  "leaver.privilege_gone": { text: "Every privilege of the leaver was seen gone", main: ["last_privilege_gone_at"] },
  "leaver.accounts_disabled": { text: "Every account of the leaver was seen disabled", main: ["last_disabled_at"] },
  "leaver.ownership_settled": { text: "Whatever the leaver owned has an owner, or an end" },
  "leaver.ordered_more": { text: "More of the leaver was found on systems, and ordered taken away", main: ["ordered"] },
  "leaver.reopened": { text: "Something of the leaver is there again: the case waits for it" },
  "ownership.handed_over": { text: "What a leaver owned was handed over", main: ["kind", "subject", "to", "because"] },
  "ownership.unowned": { text: "Nobody is there to take over what a leaver owned", main: ["kind", "subject"] },
  "ownership.settled": { text: "What a leaver owned needs nobody any more", main: ["kind", "subject"] },
  "mover.begun": { text: "Moved, and lost what the old place gave", main: ["lost", "gained", "kept", "ended", "grace_until"] },
  "mover.settled": { text: "Nothing of the old place is kept any more" },
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
