import { expect, test } from "vitest";
import { differences, kindsIn, pick, sidesOf } from "./changes";

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

const line = (employee_id: string, what: string, after: Record<string, string> = {}) => ({ employee_id, what, before: {}, after });

test("what ends access is read first, and the order within a kind stays", () => {
  const changes = [line("E1", "joiner"), line("E2", "leaver"), line("E3", "mover"), line("E4", "leaver"), line("E5", "phoenix")];
  expect(pick(changes, "", "").map((change) => change.employee_id)).toEqual(["E2", "E4", "E3", "E1", "E5"]);
  expect(kindsIn(changes)).toEqual([["leaver", 2], ["mover", 1], ["joiner", 1], ["phoenix", 1]]);
});

test("a person is found in a plan by what stands in their line, of one kind or of all", () => {
  const changes = [line("E1", "joiner", { family_name: "Moreau" }), line("E2", "leaver", { family_name: "Moreau" }), line("E3", "leaver")];
  expect(pick(changes, "", "morEAU ").map((change) => change.employee_id)).toEqual(["E2", "E1"]);
  expect(pick(changes, "leaver", "moreau").map((change) => change.employee_id)).toEqual(["E2"]);
  expect(pick(changes, "", "e3").map((change) => change.employee_id)).toEqual(["E3"]);
});
