import { expect, test } from "vitest";
import { effectLine, effects, outcomeLine, planState } from "./words";

const none = { create: 0, change: 0, enable: 0, disable: 0, delete: 0, grant: 0, revoke: 0, privileged: 0 };

test("what a plan takes away is said before what it gives", () => {
  const counts = { ...none, create: 3, delete: 1, grant: 4, privileged: 2 };
  expect(effects(counts).map(({ what }) => what)).toEqual(["deleted", "created", "given", "of these privileged"]);
  expect(effectLine(counts)).toBe("1 account deleted, 3 accounts created, 4 entitlements given, 2 of them privileged");
});

test("a plan that does nothing says so", () => {
  expect(effects(none)).toEqual([]);
  expect(effectLine(none)).toBe("nothing");
});

test("a held plan waits for a person", () => {
  expect(planState("held")[1]).toBe("warn");
  expect(planState("eaten")).toEqual(["eaten", "plain"]);
});

test("a confirmed plan that grew is held again, and whoever confirmed it is told", () => {
  const held = { outcome: "held", held_because: ["71 accounts would be disabled"] };
  expect(outcomeLine(held, "confirmed")).toEqual(["It would do more than what was shown, and is held again: 71 accounts would be disabled", "bad"]);
  expect(outcomeLine(held, "compared")).toEqual(["The plan is held: 71 accounts would be disabled", "bad"]);
  expect(outcomeLine({ outcome: "released", held_because: [] }, "confirmed")[1]).toBe("good");
  expect(outcomeLine({ outcome: "nothing", held_because: [] }, "compared")[0]).toContain("nothing to do");
});
