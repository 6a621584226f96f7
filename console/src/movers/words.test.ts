import { expect, test } from "vitest";
import { moverState, whyEnded } from "./words";

const now = Date.parse("2026-11-22T12:00:00Z");
const kept = [{ system: "crm", entitlement: "sales", role: "seller", why: null }];

test("a move is settled when nothing is kept any more", () => {
  expect(moverState({ settled_at: null, grace_until: "2026-11-29T12:00:00Z", kept }, now)).toEqual(["keeps some for a while", "warn"]);
  expect(moverState({ settled_at: null, grace_until: "2026-11-21T12:00:00Z", kept }, now)[0]).toBe("the grace is over");
  expect(moverState({ settled_at: null, grace_until: "2026-11-29T12:00:00Z", kept: [] }, now)[0]).toBe("settled");
  expect(moverState({ settled_at: "2026-11-22T11:00:00Z", grace_until: "2026-11-29T12:00:00Z", kept }, now)[0]).toBe("settled");
});

test("what ended at once says why", () => {
  expect(whyEnded("privileged")).toBe("it gives power");
  expect(whyEnded("bad_luck")).toBe("bad luck");
  expect(whyEnded(null)).toBe("");
});
