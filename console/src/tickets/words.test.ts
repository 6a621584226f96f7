import { expect, test } from "vitest";
import { ticketState } from "./words";

const now = Date.parse("2026-11-22T12:00:00Z");

test("an open ticket is late from the moment on which its owner is reminded", () => {
  expect(ticketState({ state: "open", remind_at: "2026-11-22T12:00:01Z" }, now)).toEqual(["to be done", "warn"]);
  expect(ticketState({ state: "open", remind_at: "2026-11-22T12:00:00Z" }, now)).toEqual(["late", "bad"]);
});

test("a ticket that is done or not wanted any more is never late", () => {
  expect(ticketState({ state: "done", remind_at: "2026-11-20T12:00:00Z" }, now)).toEqual(["done", "good"]);
  expect(ticketState({ state: "moot", remind_at: "2026-11-20T12:00:00Z" }, now)[1]).toBe("plain");
  expect(ticketState({ state: "eaten", remind_at: "2026-11-20T12:00:00Z" }, now)).toEqual(["eaten", "plain"]);
});
