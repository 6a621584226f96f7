// What speaks for a match and against it, and how a case stands. Pure.
import type { MatchCase } from "../api/types";
import type { Tone } from "../shell/StateBadge";

const STATES: Record<string, [string, Tone]> = {
  open: ["waits for a person", "warn"],
  decided: ["decided", "good"],
  moot: ["settled by itself", "plain"],
};

export function caseState(state: string): [string, Tone] {
  return STATES[state] ?? [state, "plain"];
}

const TESTS: Record<string, string> = {
  same_employee_id: "the same employee number",
  same_national_id: "the same national number",
  same_email: "the same mail address",
  same_name: "the same name",
  nearly_same_name: "nearly the same name",
  similar_name: "a similar name",
  login_by_rule: "the login that is made for them there",
  login_by_convention: "a login as it is usually made of their name",
  same_birth_date: "the same birth date",
  same_department: "the same department",
  same_manager: "the same manager",
  unlike_name: "no word of the names is the same",
  both_work_in_the_source: "the source names both as working here",
  unproven: "whoever has the account may have set all of it",
};

/** What was the same or not, by its name. */
export function testName(test: string): string {
  return TESTS[test] ?? test.replaceAll("_", " ");
}

const AGAINST = new Set(["unlike_name", "both_work_in_the_source", "unproven"]);

/** `the same mail address, a similar name`, and what speaks against it. */
export function because(tests: readonly string[]): { for: string; against: string } {
  return {
    for: tests.filter((test) => !AGAINST.has(test)).map(testName).join(", "),
    against: tests.filter((test) => AGAINST.has(test)).map(testName).join(", "),
  };
}

/** Whose the record was said to be. */
export function answerOf({ state, identity }: Pick<MatchCase, "state" | "identity">): string {
  if (state !== "decided") return "";
  return identity ? identity.name : "somebody new";
}
