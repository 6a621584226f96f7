import { expect, test } from "vitest";
import { answerOf, because, caseState } from "./words";

test("what speaks for a match is told apart from what speaks against it", () => {
  expect(because(["same_email", "same_department", "unlike_name"])).toEqual({
    for: "the same mail address, the same department",
    against: "no word of the names is the same",
  });
  expect(because([])).toEqual({ for: "", against: "" });
  expect(because(["same_shoe_size"]).for).toBe("same shoe size");
});

test("an open case waits, a decided one says whose the record is", () => {
  expect(caseState("open")[1]).toBe("warn");
  expect(caseState("asleep")).toEqual(["asleep", "plain"]);
  expect(answerOf({ state: "decided", identity: { id: "idn_1", name: "Alice" } })).toBe("Alice");
  expect(answerOf({ state: "decided", identity: null })).toBe("somebody new");
  expect(answerOf({ state: "moot", identity: null })).toBe("");
});
