import { expect, test } from "vitest";
import { afterwards, checkoutState, openFirst } from "./words";

const open = { state: "open", overdue: false, asked_at: "2026-11-22T08:00:00Z" };

test("what is overdue is bad, and says so in words", () => {
  expect(checkoutState({ ...open, overdue: true })).toEqual(["overdue", "bad"]);
  expect(checkoutState(open)).toEqual(["in hand", "good"]);
});

test("what ended says why, also for a cause that is new to the console", () => {
  expect(checkoutState({ state: "ended", overdue: false, cause: "leaver" })).toEqual(["holder left", "warn"]);
  expect(checkoutState({ state: "lapsed", overdue: false, cause: "unanswered" })).toEqual(["nobody answered", "plain"]);
  expect(checkoutState({ state: "ended", overdue: false, cause: "host_gone" })).toEqual(["host gone", "plain"]);
});

test("nothing is said about a credential that is still in hand", () => {
  expect(afterwards(null)).toBeNull();
  expect(afterwards("gone")).toEqual(["changed", "good"]);
});

test("overdue ones come first, then open ones by when they are due, then those that wait", () => {
  const late = { ...open, id: "late", overdue: true, due_at: "2026-11-22T09:00:00Z" };
  const soon = { ...open, id: "soon", due_at: "2026-11-22T10:00:00Z" };
  const later = { ...open, id: "later", due_at: "2026-11-22T11:00:00Z" };
  const waits = { ...open, id: "waits", state: "pending" };
  expect(openFirst([waits, later, soon, late]).map((c) => c.id)).toEqual(["late", "soon", "later", "waits"]);
});
