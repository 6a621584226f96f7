// What the entries say that are about accounts on systems: what was read there, what differs, what is ordered. Pure.
import { str, type Facts, type Teller } from "./teller";

const of = (noun: string) => (facts: Facts) => [noun, str(facts["system"])].filter(Boolean).join(" of ");

export const ON_SYSTEMS: Record<string, Teller> = {
  "system.read": { text: "A system was read to its end", main: ["accounts", "entitlements", "memberships"] },
  "system.changed": { text: "A system changed since it was read before", main: ["lines"] },
  "system.reading_held": { text: "A reading looks cut off, and nothing was concluded from it", main: ["what", "missing", "of"] },
  "system.reading_failed": { text: "A system could not be read to its end, and nothing was concluded", main: ["code"] },
  "system.missing_accepted": { text: "Said that what is missing on a system is gone" },
  "system.accounts_matched": { text: "Accounts were compared with the people that are known", main: ["linked", "asked", "unmatched"] },
  "system.compared": { text: "A system was compared with what it should hold", main: ["looked_at", "settled"] },
  "account.linked": { text: (f) => `${of("An account")(f)} is somebody's`, main: ["identity", "by"] },
  "account.unlinked": { text: (f) => `${of("An account")(f)} is nobody's any more` },
  "account.holder_decided": { text: (f) => `Said whose an account is${f["system"] ? ` on ${str(f["system"])}` : ""}`, main: ["person", "owner"] },
  "account.match_opened": { text: (f) => `Nobody can be sure whose an account is${f["system"] ? ` on ${str(f["system"])}` : ""}`, main: ["candidates"] },
  "account.match_moot": { text: "Whose the account is was settled without a person", main: ["system"] },
  "account.protected": { text: (f) => `${of("An account")(f)} is protected: nothing is sent to it` },
  "account.unprotected": { text: (f) => `${of("An account")(f)} may be changed again` },
  "plan.held": { text: (f) => `${of("A plan")(f)} waits for a person`, main: ["holds", "counts"] },
  "plan.released": { text: (f) => `${of("A plan")(f)} is carried out`, main: ["counts"] },
  "plan.confirmed": { text: "A held plan was let through", main: ["held"] },
  "plan.superseded": { text: "A later plan took its place", main: ["successor"] },
  "plan.settled": { text: "Nothing of the plan is to be done any more" },
  "drift.found": { text: (f) => `${f["system"] ? `On ${str(f["system"])} something` : "Something"} was changed by hand, and a person decides`, main: ["identity", "changed_back_by", "privileged", "lines"] },
  "drift.reverted": { text: "What was changed by hand is changed back", main: ["identity", "changed_back_by", "lines"] },
  "drift.accepted": { text: "What was changed by hand stays", main: ["identity", "lines"] },
  "drift.over": { text: "Nothing is left of what was changed by hand", main: ["lines"] },
  "breaker.declared": { text: (f) => `Breaker ${str(f["breaker"])} was declared`, main: ["counts", "per_run", "window_minutes", "per_window"] },
  "breaker.loosened": { text: (f) => `Breaker ${str(f["breaker"])} lets more through than before`, main: ["counts", "per_run", "window_minutes", "per_window"] },
  "breaker.overridden": { text: (f) => `One plan was let through although it tripped ${str(f["breaker"]) || "a breaker"}`, main: ["plan"] },
  "mapping.declared": { text: (f) => `Said how accounts${f["system"] ? ` on ${str(f["system"])}` : ""} are made and kept`, main: ["drift", "delete_after_days"] },
  "ticket.opened": { text: (f) => `A person was asked to do it by hand${f["system"] ? ` on ${str(f["system"])}` : ""}`, main: ["order"] },
  "ticket.reminded": { text: "Reminded: it is still to be done by hand", main: ["reminders"] },
  "ticket.done": { text: "Said that it was done by hand" },
  "ticket.moot": { text: "Nobody wants it done any more" },
};
