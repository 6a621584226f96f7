// Systems, accounts and entitlements as they were read, as people say it. Pure.
import type { Missing, ObservedAccount, SystemHealth } from "../api/types";
import { testName } from "../cases/words";
import type { Tone } from "../shell/StateBadge";
import { many } from "../time/format";

const SYSTEMS: Record<string, [string, Tone]> = {
  healthy: ["read to its end", "good"],
  in_trouble: ["in trouble", "bad"],
  never_read: ["never read", "plain"],
  by_hand: ["kept by hand", "plain"],
};

export function systemState({ state }: Pick<SystemHealth, "state">): [string, Tone] {
  return SYSTEMS[state] ?? [state.replaceAll("_", " "), "plain"];
}

const SYSTEM_KINDS: Record<string, string> = {
  linux: "Linux host",
  postgres: "PostgreSQL",
  mariadb: "MariaDB",
  openldap: "OpenLDAP",
  active_directory: "Active Directory",
  scim: "SCIM service",
  http_api: "HTTP API",
  csv: "CSV files",
  manual: "by hand",
};

export function systemKind(kind: string): string {
  return SYSTEM_KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** What a reading lacked that is held because of it: `3 accounts and 1 membership`. */
export function missingLine({ accounts, entitlements, memberships }: Missing): string {
  const parts: [number, string][] = [[accounts, "account"], [entitlements, "entitlement"], [memberships, "membership"]];
  const told = parts.filter(([n]) => n > 0).map(([n, noun]) => many(n, noun));
  return told.length < 2 ? told.join("") : `${told.slice(0, -1).join(", ")} and ${told[told.length - 1]}`;
}

const LINKS: Record<string, [string, Tone]> = {
  linked: ["linked", "good"],
  orphaned: ["orphaned", "bad"],
  unmatched: ["nobody knows whose", "warn"],
  non_personal: ["no person's own", "plain"],
  protected: ["protected", "plain"],
};

export const LINK_STATES = Object.keys(LINKS);

/** How an account stands to the people that are known. */
export function linkState(state: string): [string, Tone] {
  return LINKS[state] ?? [state.replaceAll("_", " "), "plain"];
}

/** What the link follows from: tests by name, or the person who said so. */
export function linkedBy(by: string): string {
  return by.split("+").map(testName).join(", ");
}

const KINDS: Record<string, string> = { database_grant: "database grant", sudo_rule: "sudo rule", ssh_key: "SSH key" };

export function entitlementKind(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** How something is held that another membership may bring along. */
export function pathLine(path: readonly string[]): string {
  return path.length < 2 ? "directly" : `through ${path.slice(0, -1).join(", then ")}`;
}

/** What can be said about its protection; `null` where nothing is. */
export function protectionLine({ protection }: Pick<ObservedAccount, "protection">): string | null {
  if (!protection) return null;
  return protection === "built_in" ? "the system's own: nothing is ever sent to it" : "by a person: nothing is sent to it";
}

/** The values that a system shows of an account. */
export function attributesOf(attributes: Record<string, unknown>): [string, string][] {
  return Object.entries(attributes).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : String(value)]);
}

const DRIFTS: Record<string, string> = {
  revert: "is changed back",
  accept: "stays, and is shown",
  ask: "waits for a person",
};

/** What becomes of what is changed by hand. */
export function driftPolicy(drift: string): string {
  return DRIFTS[drift] ?? drift.replaceAll("_", " ");
}

/** What becomes of the account of somebody who has left. */
export function leaversAccount({ delete_after_days: days }: { delete_after_days?: number | null }): string {
  return typeof days === "number" ? `is disabled, and deleted after ${many(days, "day")}` : "is disabled, and stays";
}
