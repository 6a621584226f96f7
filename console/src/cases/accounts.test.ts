import { expect, test } from "vitest";
import { asRecord } from "./accounts";

const account = (attributes: Record<string, unknown>) => asRecord({ system: "directory", login: "amoreau", from: "2026-11-22T06:00:00Z", attributes });

test("what systems call by their own names is compared with what people are known by", () => {
  expect(account({ displayName: ["Alice Moreau"], mail: ["alice@example.com"], employeeNumber: ["E1"], uidNumber: ["1001"] }).attributes).toEqual({
    name: "Alice Moreau",
    email: "alice@example.com",
    employee_id: "E1",
  });
});

test("an empty value says nothing, and the first name that is there counts", () => {
  expect(account({ displayName: [" "], cn: ["Alice"] }).attributes).toEqual({ name: "Alice" });
  expect(account({}).attributes).toEqual({});
});
