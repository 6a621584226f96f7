import { expect, test } from "vitest";
import { percent, resealingLine, sealKind, sharesLine } from "./words";

test("progress never reaches the end before everything is done", () => {
  expect(percent(999, 1000)).toBe(99);
  expect(percent(1000, 1000)).toBe(100);
  expect(percent(0, 0)).toBe(100);
});

test("sealing again says how far it is, and what became of the older keys", () => {
  expect(resealingLine({ done: 1204, total: 50_000, finished: false, older_keys: true })).toBe("1,204 of 50,000 values sealed again");
  expect(resealingLine({ done: 9, total: 9, finished: true, older_keys: true })).toBe("done; older data keys still exist");
  expect(resealingLine({ done: 9, total: 9, finished: true, older_keys: false })).toBe("done; older data keys are destroyed");
});

test("shares are counted against how many are needed", () => {
  expect(sharesLine(1, 3)).toBe("1 of 3 shares given");
  expect(sealKind("shamir")).toBe("shares that people hold");
});
