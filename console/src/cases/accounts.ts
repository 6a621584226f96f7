// An account on a system as the record that it is compared as. Pure.
import type { ObservedAccountDetail, SourceRecord } from "../api/types";

/** What systems call the things that a person is recognised by; letters' case does not count. */
const NAMES: [attribute: string, called: string[]][] = [
  ["name", ["displayname", "display_name", "cn", "name"]],
  ["email", ["mail", "email"]],
  ["employee_id", ["employeenumber", "employeeid", "employee_number", "employee_id"]],
  ["department", ["department", "ou"]],
  ["job_title", ["title", "job_title"]],
];

export function asRecord({ system, login, from, attributes }: Pick<ObservedAccountDetail, "system" | "login" | "from" | "attributes">): SourceRecord {
  const shown = new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.map(String) : [String(value)]]));
  const first = (called: string[]) => called.flatMap((name) => shown.get(name) ?? []).find((value) => value.trim() !== "");
  const known = NAMES.map(([attribute, called]) => [attribute, first(called)] as const).filter(([, value]) => value !== undefined);
  return { source: system, key: login, from, attributes: Object.fromEntries(known) };
}
