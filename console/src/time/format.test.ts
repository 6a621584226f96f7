import { describe, expect, test } from "vitest";
import { bytes, countdown, duration, minutes, relative } from "./format";

const NOW = Date.parse("2026-11-21T12:00:00Z");

describe("a duration is read in at most two units", () => {
  test.each([
    [0, "0 s"],
    [-5000, "0 s"],
    [900, "900 ms"],
    [0.2, "1 ms"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [200_000, "3 min 20 s"],
    [3_600_000, "1 h"],
    [3_900_000, "1 h 05 min"],
    [47 * 3_600_000, "47 h"],
    [12 * 86_400_000, "12 d"],
  ])("%i ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  test("90 chosen minutes are an hour and a half", () => expect(minutes(90)).toBe("1 h 30 min"));
});

describe("a distance says on which side of now it lies", () => {
  test.each([
    ["2026-11-21T11:59:58Z", "just now"],
    ["2026-11-21T11:56:00Z", "4 min ago"],
    ["2026-11-21T14:00:00Z", "in 2 h"],
    ["2026-11-18T12:00:00Z", "3 days ago"],
    ["2016-02-01T00:00:00Z", "10 years ago"],
    ["no time at all", ""],
  ])("%s is %s", (at, text) => expect(relative(at, NOW)).toBe(text));
});

describe("a countdown never shows zero while time is left", () => {
  test.each([
    [1, "00:01"],
    [0, "00:00"],
    [-1, "00:00"],
    [200_000, "03:20"],
    [3_909_000, "1:05:09"],
  ])("%i ms is %s", (ms, text) => expect(countdown(ms)).toBe(text));
});

test.each([
  [512, "512 B"],
  [18_240, "18 kB"],
  [1_400_000, "1.4 MB"],
  [999_900, "1.0 MB"],
])("%i bytes are %s", (n, text) => expect(bytes(n)).toBe(text));
