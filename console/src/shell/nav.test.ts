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

test("without a permission nothing is shown", () => expect(visible([])).toEqual([]));
