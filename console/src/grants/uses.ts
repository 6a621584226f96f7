// The entries of a chapter, session by session. Pure.
import type { Line, Session } from "../api/types";

export interface Use {
  session: Session;
  lines: Line[];
}

/** The session that an entry speaks of, by its thread or by the fact that names it. */
export function sessionOf(line: Line): string | undefined {
  if (line.thread?.startsWith("ses_")) return line.thread;
  const named = line.facts["session"];
  return typeof named === "string" ? named : undefined;
}

/** Sessions in the order given, each with its entries; entries of no known session come back as `others`. */
export function bySession(lines: readonly Line[], sessions: readonly Session[]): { uses: Use[]; others: Line[] } {
  const uses = sessions
    .map((session) => ({ session, lines: lines.filter((line) => sessionOf(line) === session.id) }))
    .filter((use) => use.lines.length > 0);
  const known = new Set(uses.flatMap((use) => use.lines));
  return { uses, others: lines.filter((line) => !known.has(line)) };
}
