import { expect, test } from "vitest";
import { choices, minutesLeft, usual } from "./terms";

test("no choice is longer than the role allows, and the limit itself is one", () => {
  expect(choices(60)).toEqual([5, 10, 15, 30, 45, 60]);
  expect(choices(50)).toEqual([5, 10, 15, 30, 45, 50]);
  expect(choices(3)).toEqual([3]);
});

test("half an hour is offered first, or the limit where it is shorter", () => {
  expect(choices(60)[usual(choices(60))]).toBe(30);
  expect(choices(20)[usual(choices(20))]).toBe(20);
});

test("what is left of a grant is counted in whole minutes, and is one at least", () => {
  const now = Date.parse("2026-11-22T08:00:00Z");
  expect(minutesLeft("2026-11-22T08:59:59Z", now)).toBe(59);
  expect(minutesLeft("2026-11-22T08:00:20Z", now)).toBe(1);
});
