import { expect, test } from "vitest";
import { fromLocal, moment, toLocal } from "./local";

test("a moment goes through a field and comes back to the second", () => {
  expect(fromLocal(toLocal("2026-11-22T15:04:05Z"))).toBe("2026-11-22T15:04:05.000Z");
});

test("a moment that is left out is none", () => {
  expect(moment("")).toBeUndefined();
  expect(moment(toLocal("2026-11-22T15:04:05Z"))).toBe("2026-11-22T15:04:05.000Z");
});
