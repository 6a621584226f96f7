import { expect, test } from "vitest";
import { differences, sidesOf } from "./changes";

test("a mover shows only what moved", () => {
  const before = { department: "Sales", job_title: "Clerk", end_date: "" };
  expect(differences({ before, after: { ...before, department: "Finance" } })).toEqual([
    { name: "department", before: "Sales", after: "Finance" },
  ]);
});

test("a joiner shows everything that is known, and a leaver what is lost", () => {
  expect(differences({ before: {}, after: { name: "Alice", manager: "" } })).toEqual([{ name: "name", before: null, after: "Alice" }]);
  expect(differences({ before: { status: "active" }, after: {} })).toEqual([{ name: "status", before: "active", after: null }]);
});

test("one person's line is found among the other values of an import's entry", () => {
  expect(sidesOf({ employee_id: "E1", "before.department": "Sales", "after.department": "Finance" })).toEqual({
    before: { department: "Sales" },
    after: { department: "Finance" },
  });
  expect(sidesOf({ reason: "as agreed" })).toBeNull();
});
