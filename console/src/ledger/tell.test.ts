import { expect, test } from "vitest";
import { tell } from "./tell";

test("Alice's request reads as one sentence, with her own words beside it", () => {
  const told = tell({
    kind: "request.submitted",
    facts: { system: "web-1", login: "root", minutes: 90, role: "sre-root", requester: "idn_1" },
    personal: { reason: "restart nginx" },
  });
  expect(told.text).toBe("Asked for root@web-1 for 1 h 30 min");
  expect(told.quotes).toEqual([["reason", "restart nginx"]]);
  expect(told.main).toEqual(["role"]);
});

test("an entry of a kind that the console does not know still shows every fact", () => {
  const told = tell({ kind: "account.roles_set", facts: { before: [], after: ["auditor"] }, personal: {} });
  expect(told).toEqual({ text: "Account roles set", quotes: [], main: ["before", "after"] });
});

test("one person's line in an import names what happened to them", () => {
  expect(tell({ kind: "import.applied", facts: { records: 230 }, personal: { what: "joiner", employee_id: "E0001" } }).text).toBe("Feed applied: joiner E0001");
  expect(tell({ kind: "import.applied", facts: {}, personal: {} }).text).toBe("Feed applied");
});

test("a missing fact leaves no hole in the sentence", () => {
  expect(tell({ kind: "session.ended", facts: {}, personal: {} }).text).toBe("Session ended");
});

test("a change of state names both, also where the new one has facts of its own", () => {
  const facts = { from: "active", to: { state: "suspended", until: null } };
  expect(tell({ kind: "identity.state_changed", facts, personal: {} }).text).toBe("From active to suspended");
  expect(tell({ kind: "identity.state_changed", facts: {}, personal: {} }).text).toBe("The state became another");
});

test("whose a record is said to be is told apart from that it is of somebody new", () => {
  expect(tell({ kind: "match.decided", facts: { source: "hr", identity: "idn_1" }, personal: {} }).text).toBe("Said whose the record is");
  expect(tell({ kind: "match.decided", facts: { source: "hr", identity: null }, personal: {} }).text).toBe("Said that the record is of somebody new");
});

test("an entry about an account on a system names the system where it knows it", () => {
  expect(tell({ kind: "account.linked", facts: { system: "crm", identity: "idn_1" }, personal: {} })).toMatchObject({ text: "An account of crm is somebody's", main: ["identity"] });
  expect(tell({ kind: "plan.held", facts: {}, personal: {} }).text).toBe("A plan waits for a person");
});
