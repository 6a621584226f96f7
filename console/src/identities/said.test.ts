import { expect, test } from "vitest";
import type { SourceRecord, StatedValue } from "../api/types";
import { said } from "./said";

const record = (source: string, attributes: Record<string, unknown>, gone_at: string | null = null): SourceRecord => ({ source, key: "K", attributes, from: "2026-11-22T06:00:00Z", gone_at });
const value = (attribute: string, value: unknown, source: string): StatedValue => ({ attribute, value: value as never, source });

test("the source that has the word is named, with what another one says instead", () => {
  const rows = said([value("email", "alice@example.com", "hr")], [record("hr", { email: "alice@example.com" }), record("agency", { email: "a@agency.example" })]);
  expect(rows).toEqual([{ attribute: "email", value: "alice@example.com", source: "hr", others: [{ source: "agency", value: "a@agency.example" }] }]);
});

test("a source that says the same, or nothing, is not told apart", () => {
  const rows = said([value("email", "a@example.com", "hr")], [record("hr", { email: "a@example.com" }), record("b", { email: "a@example.com" }), record("c", { phone: "1" })]);
  expect(rows[0]?.others).toEqual([]);
});

test("that there is none is also said, and a record that is gone says nothing", () => {
  const rows = said([value("phone", null, "hr")], [record("hr", { phone: null }), record("doors", { phone: "17" }), record("old", { phone: "3" }, "2026-11-22T06:00:00Z")]);
  expect(rows).toEqual([{ attribute: "phone", value: null, source: "hr", others: [{ source: "doors", value: "17" }] }]);
});
