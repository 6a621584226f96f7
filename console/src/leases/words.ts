// How credentials on demand and their backlog stand, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { millis } from "../time/format";

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
