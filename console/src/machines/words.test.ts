import { expect, test } from "vitest";
import { machineState } from "./words";

test("a machine identity that nobody answers for is bad, and one that ended says why", () => {
  expect(machineState({ state: "unowned" })).toEqual(["unowned", "bad"]);
  expect(machineState({ state: "active" })).toEqual(["active", "good"]);
  expect(machineState({ state: "ended", ended_because: "no_owner" })).toEqual(["ended without an owner", "plain"]);
  expect(machineState({ state: "ended", ended_because: "new_cause" })).toEqual(["ended", "plain"]);
});
