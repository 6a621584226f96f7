// How credentials on demand and their backlog stand, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { many, millis } from "../time/format";

/** A service that does not answer for longer than this keeps credentials alive that should be gone. */
const PATIENCE = 5 * 60_000;

const STATES: Record<string, [string, Tone]> = {
  issuing: ["being made", "warn"],
  live: ["live", "good"],
  ending: ["being removed", "warn"],
  gone: ["seen gone", "plain"],
};

const CAUSES: Record<string, string> = {
  expired: "its time was over",
  grant_ended: "its grant ended",
  token_ended: "its token ended",
  revoked: "revoked",
  not_issued: "never made",
};

export function leaseState(state: string): [string, Tone] {
  return STATES[state] ?? [state, "plain"];
}

export function causeOf(cause: string | null | undefined): string | null {
  return cause ? CAUSES[cause] ?? cause.replaceAll("_", " ") : null;
}

/** What waits to be removed at a service, and whether it waits for too long. */
export function backlogState(backlog: { count: number; oldest: string }, now: number): [string, Tone] {
  if (backlog.count === 0) return ["nothing waits", "good"];
  return now - millis(backlog.oldest) > PATIENCE ? ["stuck", "bad"] : ["being removed", "warn"];
}

interface Connection {
  engine: string;
  host: string;
  port: number;
  database?: string | null;
  user: string;
}

/** The command that connects; it asks for the password. */
export function clientCommand({ engine, host, port, database, user }: Connection): string {
  if (engine === "postgres") return `psql -h ${host} -p ${port} -U ${user}${database ? ` -d ${database}` : ""}`;
  return `mariadb -h ${host} -P ${port} -u ${user} -p${database ? ` ${database}` : ""}`;
}

/** What a sweep came to, in one line, and whether all of it is gone. */
export function sweepLine(service: string, { found, orphans, removed }: { found: number; orphans: number; removed: number }): [string, boolean] {
  if (orphans === 0) return [`${service}: ${many(found, "credential")} there, each explained by a lease.`, true];
  const rest = orphans - removed;
  if (rest === 0) return [`${service}: ${many(orphans, "credential")} that no lease explains, removed and seen gone.`, true];
  return [`${service}: ${many(orphans, "credential")} that no lease explains; ${rest} of them not seen gone yet.`, false];
}

/** Services that make credentials, and those where some still wait to be removed: each once, by name. */
export function servicesOf(profiles: readonly { service: string }[], backlog: readonly { service: string }[]): string[] {
  return [...new Set([...profiles, ...backlog].map((each) => each.service))].sort();
}
