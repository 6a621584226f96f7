import { expect, test } from "vitest";
import { textOf } from "./asserted";

test("a list of texts is one line, and what is said to be nothing is nothing", () => {
  expect(textOf("17")).toBe("17");
  expect(textOf(["north", "south"])).toBe("north, south");
  expect([textOf(null), textOf(""), textOf([])]).toEqual([null, null, null]);
});
