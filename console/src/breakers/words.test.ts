import { expect, test } from "vitest";
import { limitLine, limitOf, measureName, percent, windowLine } from "./words";

test("of a share and a number the lower one counts, and without either there is no limit", () => {
  expect(limitLine({ share: 0.05, number: 50 })).toBe("5 % or 50, whichever is less");
  expect(limitLine({ share: null, number: 1000 })).toBe("1,000");
  expect(limitLine({ share: 0.125 })).toBe("12.5 %");
  expect(limitLine({})).toBe("no limit");
});

test("a window says over how long it counts", () => {
  expect(windowLine({ minutes: 1440, limit: { number: 10 } })).toBe("10, within 24 h");
  expect(windowLine(null)).toBe("no limit");
});

test("what is typed as a percentage is a share, and a field that is left out is no limit", () => {
  expect(limitOf(5, "")).toEqual({ share: 0.05 });
  expect(limitOf("", 0)).toEqual({ number: 0 });
  expect(limitOf("", "")).toEqual({});
  expect(percent(0.1)).toBe("10 %");
});

test("every measure is told", () => {
  expect(measureName("privileged")).toBe("privileged entitlements given");
  expect(measureName("dog_walks")).toBe("dog walks");
});
