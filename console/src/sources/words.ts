// How a source of people is taken and how it has been, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { bytes, duration, many } from "../time/format";

const KINDS: Record<string, string> = {
  csv: "CSV file",
  scim: "SCIM",
  ldap: "LDAP",
  active_directory: "Active Directory",
  sql: "SQL statement",
};

export function kindName(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** Whether its last feed was taken. */
export function sourceState({ last_whole_at, refused }: { last_whole_at?: string | null; refused?: unknown }): [string, Tone] {
  if (refused) return ["last feed refused", "bad"];
  return last_whole_at ? ["taken", "good"] : ["no whole feed yet", "plain"];
}

const REFUSALS: Record<string, string> = {
  feed_empty: "It held no record.",
  feed_truncated: "It was cut off.",
  feed_doubled: "It names somebody twice.",
  feed_stale: "It is not news any more.",
  feed_half_loaded: "A part of it is missing.",
  feed_bad_value: "A value cannot be what it should be.",
  feed_unknown_attribute: "It states an attribute that the source does not declare.",
};

/** Why a feed was refused, in a sentence before the details. */
export function refusalLine(code: string): string {
  return REFUSALS[code] ?? `${code.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase())}.`;
}

export interface Settings {
  says: string;
  authority: string;
  attributes: { name: string; kind: string }[];
  /** The lowest goes first. */
  precedence: number;
  precedenceOf: [attribute: string, precedence: number][];
  maxMissingPercent: number;
  staleAfterHours: number | null;
}

/** The settings of a declaration, with what holds where it says nothing. */
export function settingsOf(given: Record<string, unknown>): Settings {
  const number = (name: string) => (typeof given[name] === "number" ? given[name] : null);
  const attributes = Array.isArray(given["attributes"]) ? (given["attributes"] as { name: string; kind: string }[]) : [];
  const exceptions = Object.entries((given["precedence_of"] ?? {}) as Record<string, number>);
  return {
    says: String(given["says"] ?? "everybody"),
    authority: String(given["authority"] ?? "people"),
    attributes,
    precedence: number("precedence") ?? 100,
    precedenceOf: exceptions.sort(([one], [other]) => one.localeCompare(other)),
    maxMissingPercent: number("max_missing_percent") ?? 10,
    staleAfterHours: number("stale_after_hours"),
  };
}

export function saysLine({ says }: Settings): string {
  return says === "changes" ? "what changed: nobody is gone because it does not name them" : "everybody: whom it does not name has left";
}

export function authorityLine({ authority }: Settings): string {
  return authority === "attributes" ? "adds attributes to people whom another source made known" : "makes people known";
}

export function staleLine({ staleAfterHours }: Settings): string {
  return staleAfterHours === null ? "never" : `after ${duration(staleAfterHours * 3_600_000)}`;
}

const CLIENTS: Record<string, string> = { strict: "keeps to the RFCs", entra: "Microsoft Entra", okta: "Okta" };

export function clientName(client: string): string {
  return CLIENTS[client] ?? client;
}

const READINGS: Record<string, [string, Tone]> = {
  asked: ["asked for", "plain"],
  reading: ["being read", "warn"],
  ended: ["read, to be taken", "warn"],
  broken: ["broke off", "bad"],
  applied: ["applied", "good"],
  held: ["held: waits for a person", "warn"],
  unchanged: ["nothing to change", "good"],
  refused: ["refused", "bad"],
};

export function readingState(state: string): [string, Tone] {
  return READINGS[state] ?? [state, "plain"];
}

/** What a source answered when it was tried. */
export function triedLine({ size, columns, missing }: { size: number; columns: readonly string[]; missing: readonly string[] }): string {
  if (missing.length > 0) return `It answers, but these columns are missing: ${missing.join(", ")}.`;
  return columns.length > 0 ? `It answers, with every column: ${many(size, "row")} came.` : `It answers: ${bytes(size)} came.`;
}
