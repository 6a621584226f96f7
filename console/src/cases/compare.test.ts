import { expect, test } from "vitest";
import type { Identity, SourceRecord } from "../api/types";
import { compare } from "./compare";

const alice: Identity = {
  id: "idn_1", employee_id: "E1", name: "Alice Moreau", email: "alice@example.com", department: "Sales", job_title: "Clerk",
  manager: { id: "idn_2", name: "Bob" }, status: "active", state: "active", start_date: "2021-09-06", end_date: null, time_zone: "UTC",
};
const record: SourceRecord = {
  source: "vendors", key: "V1", from: "2026-11-22T06:00:00Z",
  attributes: { given_name: "Alicia", family_name: "Moreau", email: "Alice@example.com", employee_id: "V1", manager: "V9", badge: "17" },
  employment: { status: "active", start: "2021-09-06", end: null },
};
const row = (rows: ReturnType<typeof compare>, name: string) => rows.find((each) => each.name === name);

test("what is the same and what differs is told for each person, and letters' case does not count", () => {
  const rows = compare(record, [{ identity: alice }]);
  expect(row(rows, "email")?.known).toEqual([{ value: "alice@example.com", fit: "same" }]);
  expect(row(rows, "name")).toEqual({ name: "name", tells: true, record: "Alicia Moreau", known: [{ value: "Alice Moreau", fit: "different" }] });
  expect(row(rows, "first_day")?.known[0]?.fit).toBe("same");
});

test("what only one side knows is neither the same nor different", () => {
  const rows = compare(record, [{ identity: alice }]);
  expect(row(rows, "department")).toEqual({ name: "department", tells: false, record: null, known: [{ value: "Sales", fit: null }] });
  expect(row(rows, "badge")?.known[0]).toEqual({ value: null, fit: null });
});

test("a manager is shown, but a key of one source is not compared with a name", () => {
  expect(row(compare(record, [{ identity: alice }]), "manager")).toEqual({ name: "manager", tells: false, record: "V9", known: [{ value: "Bob", fit: null }] });
});

test("attributes of the organisation's own are compared where a source states them of the person", () => {
  const rows = compare(record, [{ identity: alice, values: [{ attribute: "badge", value: "18" as never, source: "doors" }] }]);
  expect(row(rows, "badge")?.known[0]).toEqual({ value: "18", fit: "different" });
});

test("a record that is kept no more leaves what is known of the people", () => {
  const rows = compare(null, [{ identity: alice }]);
  expect(rows[0]).toEqual({ name: "name", tells: true, record: null, known: [{ value: "Alice Moreau", fit: null }] });
  expect(row(rows, "last_day")).toBeUndefined();
});
