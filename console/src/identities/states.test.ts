import { expect, test } from "vitest";
import { absolute } from "../time/format";
import { isOpen, orderName, orderState, phaseLine, stateName, STATE_NAMES } from "./states";

const now = Date.parse("2026-11-22T12:00:00Z");
const before = "2026-11-22T11:00:00Z";
const after = "2026-11-22T13:00:00Z";

test("every state has a word of its own, and one that is new to the console is shown as it is", () => {
  expect(new Set(STATE_NAMES.map((state) => stateName(state)[0])).size).toBe(6);
  expect(stateName("on_the_moon")).toEqual(["on the moon", "plain"]);
});

test("whoever has left is told why, with the grace of their accounts", () => {
  expect(phaseLine({ state: "terminated", facts: { since: before, cause: { cause: "for_cause", by: "idn_1" }, keeps_accounts: false } })).toBe("a person said so, for cause");
  expect(phaseLine({ state: "terminated", facts: { cause: { cause: "last_day_passed" }, keeps_accounts: true } })).toBe(
    "the last day of work is over; what is ordinary on their disabled accounts stays for their grace",
  );
});

test("an absence says until when, or that nobody said", () => {
  expect(phaseLine({ state: "leave", facts: { until: after } })).toBe(`until ${absolute(after)}`);
  expect(phaseLine({ state: "leave", facts: { until: null } })).toBe("nobody said until when");
  expect(phaseLine({ state: "suspended", facts: { until: null, by: "idn_1" } })).toBe("until a person lifts it");
  expect(phaseLine({ state: "active", facts: {} })).toBe("");
});

test("an order that is lifted or over can not be lifted again; one that will hold can", () => {
  expect(isOpen({ from: before, until: null, lifted_at: null }, now)).toBe(true);
  expect(isOpen({ from: after, until: null, lifted_at: null }, now)).toBe(true);
  expect(isOpen({ from: before, until: before, lifted_at: null }, now)).toBe(false);
  expect(isOpen({ from: before, until: null, lifted_at: before }, now)).toBe(false);
});

test("an order says whether it holds now", () => {
  expect(orderState({ from: before, until: after, lifted_at: null }, now)).toEqual(["holds", "bad"]);
  expect(orderState({ from: after, until: null, lifted_at: null }, now)).toEqual(["will hold", "warn"]);
  expect(orderState({ from: before, until: before, lifted_at: null }, now)[0]).toBe("over");
  expect(orderState({ from: before, until: null, lifted_at: before }, now)[0]).toBe("lifted");
  expect(orderName("terminated_for_cause")).toBe("left, for cause");
});
