// A record beside the people whom it may mean, attribute by attribute. Pure.
import { textOf } from "../sources/asserted";
import type { Identity, SourceRecord, StatedValue } from "../api/types";

export type Fit = "same" | "different" | null;

export interface Compared {
  name: string;
  /** Whether two people are unlikely to be one where it differs. */
  tells: boolean;
  record: string | null;
  /** In the order of the people. */
  known: { value: string | null; fit: Fit }[];
}

export interface Known {
  identity: Identity;
  /** What sources say of them, where that is known here. */
  values?: readonly StatedValue[];
}

type Attributes = Record<string, string | null>;

/** Told by the name and the employment, or by what is only a key elsewhere. */
const TOLD = new Set(["given_name", "family_name", "manager", "status", "start_date", "end_date", "time_zone"]);
/** The rest is another in every employment. */
const TELLING = new Set(["name", "email", "birth_date", "national_id"]);
const ORDER = ["name", "email", "employee_id", "birth_date", "national_id", "department", "job_title", "manager", "first_day", "last_day"];

/** Only what the record or one of the people has. A manager is compared by nobody: sources name them by keys of their own. */
export function compare(record: SourceRecord | null, known: readonly Known[]): Compared[] {
  const one = record ? ofRecord(record) : {};
  const others = known.map(ofPerson);
  const names = [...new Set([...Object.keys(one), ...others.flatMap((each) => Object.keys(each))])];
  return names
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => ({
      name,
      tells: TELLING.has(name),
      record: one[name] ?? null,
      known: others.map((each) => ({ value: each[name] ?? null, fit: name === "manager" ? null : fit(one[name], each[name]) })),
    }))
    .filter((row) => row.record !== null || row.known.some(({ value }) => value !== null));
}

function fit(one: string | null | undefined, other: string | null | undefined): Fit {
  if (!one || !other) return null;
  return one.toLowerCase() === other.toLowerCase() ? "same" : "different";
}

function rank(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

function ofRecord({ attributes, employment }: SourceRecord): Attributes {
  const work = employment ?? {};
  return {
    ...own(Object.entries(attributes)),
    name: [textOf(attributes["given_name"]), textOf(attributes["family_name"])].filter(Boolean).join(" ") || textOf(attributes["name"]),
    manager: textOf(attributes["manager"]),
    first_day: textOf(work["start"]),
    last_day: textOf(work["end"]),
  };
}

function ofPerson({ identity, values = [] }: Known): Attributes {
  return {
    ...own(values.map(({ attribute, value }) => [attribute, value])),
    name: identity.name,
    email: identity.email,
    employee_id: identity.employee_id,
    department: identity.department || null,
    job_title: identity.job_title || null,
    manager: identity.manager?.name ?? null,
    first_day: identity.start_date,
    last_day: identity.end_date ?? null,
  };
}

function own(pairs: [string, unknown][]): Attributes {
  return Object.fromEntries(pairs.filter(([name]) => !TOLD.has(name)).map(([name, value]) => [name, textOf(value)]));
}
