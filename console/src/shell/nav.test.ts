import { expect, test } from "vitest";
import { home, visible } from "./nav";

const MEMBER = ["self.read", "self.credentials", "requests.create", "requests.decide", "systems.read"];
const labels = (permissions: string[]) => visible(permissions).flatMap((g) => g.places.map((p) => p.label));

test("a member sees what is theirs, and not the company's ledger", () => {
  expect(labels(MEMBER)).toEqual(["My access", "Approvals", "My keys and tokens", "Sessions", "Systems and roles"]);
  expect(home(MEMBER)).toBe("/my-access");
});

test("an auditor sees the evidence and lands on the overview, but no targets without the permission", () => {
  const auditor = [...MEMBER, "grants.read", "sessions.read", "identities.read", "access.read", "ledger.read", "findings.read"];
  expect(labels(auditor)).toEqual(expect.arrayContaining(["Access as of", "Ledger", "Findings"]));
  expect(labels(auditor)).not.toContain("Targets");
  expect(home(auditor)).toBe("/overview");
});

test("a member reaches what they check out, make and read; the seal and other people's accounts are not for them", () => {
  const member = [...MEMBER, "checkouts.use", "leases.use", "secrets.use", "machines.own"];
  expect(labels(member)).toEqual(expect.arrayContaining(["Checkouts", "Leases", "Issuers", "Secrets", "Machines"]));
  expect(labels(member)).not.toContain("Accounts");
  expect(labels(member)).not.toContain("Seal");
  expect(labels(member)).not.toContain("Scans");
  expect(labels([...member, "hygiene.scan"])).toContain("Scans");
  expect(labels([...member, "seal.seal", "accounts.read"])).toEqual(expect.arrayContaining(["Accounts", "Seal"]));
});

test("who reads sources and cases reaches them, and a member does not", () => {
  expect(labels([...MEMBER, "sources.read", "cases.read", "inventory.read"])).toEqual(expect.arrayContaining(["Sources", "Match cases", "Assignments", "Entitlements"]));
  expect(labels(MEMBER)).not.toContain("Sources");
  expect(labels(MEMBER)).not.toContain("Assignments");
});

test("who owns a system reaches their tickets, and plans are for those who read them", () => {
  expect(labels([...MEMBER, "tickets.work"])).toContain("Tickets");
  expect(labels([...MEMBER, "tickets.work"])).not.toContain("Plans");
  expect(labels([...MEMBER, "plans.read", "cases.read", "identities.read"])).toEqual(expect.arrayContaining(["Plans", "Simulations", "Drifts", "Leavers", "Movers"]));
});

test("without a permission nothing is shown", () => expect(visible([])).toEqual([]));

test("who reads the inventory reaches it and the breakers, a member neither", () => {
  expect(labels([...MEMBER, "inventory.read"])).toEqual(expect.arrayContaining(["Inventory", "Standing privileges", "Breakers"]));
  expect(labels(MEMBER)).not.toContain("Inventory");
  expect(labels(MEMBER)).not.toContain("Standing privileges");
  expect(labels(MEMBER)).not.toContain("Breakers");
});
