import { expect, test } from "vitest";
import { assignmentState, canEnd, whatOf } from "./words";

const now = Date.parse("2026-11-22T12:00:00Z");
const before = "2026-11-22T11:00:00Z";
const after = "2026-11-22T13:00:00Z";

test("an assignment is in force between its two moments, and says why it ended", () => {
  expect(assignmentState({ from: before, until: null }, now)).toEqual(["in force", "good"]);
  expect(assignmentState({ from: before, until: after }, now)).toEqual(["in force", "good"]);
  expect(assignmentState({ from: after, until: null }, now)[0]).toBe("not yet");
  expect(assignmentState({ from: before, until: before }, now)[0]).toBe("its time is over");
  expect(assignmentState({ from: before, ended_at: before, ended_because: "not_earned" }, now)).toEqual(["the condition holds no more", "plain"]);
  expect(assignmentState({ from: before, ended_at: before, ended_because: null }, now)[0]).toBe("ended");
});

test("what follows from a condition is not taken back by hand, and nothing is taken back twice", () => {
  const person = { id: "idn_1", name: "Ada" };
  expect(canEnd({ given_by: person, ended_at: null })).toBe(true);
  expect(canEnd({ given_by: null, ended_at: null })).toBe(false);
  expect(canEnd({ given_by: person, ended_at: before })).toBe(false);
});

test("a role and an entitlement are both named", () => {
  expect(whatOf({ role: "sre-root", system: null, entitlement: null })).toBe("role sre-root");
  expect(whatOf({ role: null, system: "web-1", entitlement: "deployers" })).toBe("deployers on web-1");
});
