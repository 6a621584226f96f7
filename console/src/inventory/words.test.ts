import { expect, test } from "vitest";
import { attributesOf, driftPolicy, entitlementKind, leaversAccount, linkedBy, linkState, LINK_STATES, missingLine, pathLine, protectionLine, systemKind, systemState } from "./words";

test("an account whose holder has left is bad, and one that nobody knows stands out", () => {
  expect(linkState("orphaned")[1]).toBe("bad");
  expect(linkState("unmatched")).toEqual(["nobody knows whose", "warn"]);
  expect(LINK_STATES.filter((state) => linkState(state)[1] === "good")).toEqual(["linked"]);
  expect(linkState("haunted")).toEqual(["haunted", "plain"]);
});

test("a way through other groups is told, and a direct one too", () => {
  expect(pathLine(["admins"])).toBe("directly");
  expect(pathLine(["operators", "backup", "admins"])).toBe("through operators, then backup");
});

test("a system that was never read is told from one in trouble", () => {
  expect(systemState({ state: "never_read" })[1]).toBe("plain");
  expect(systemState({ state: "in_trouble" })[1]).toBe("bad");
  expect(systemState({ state: "on_fire" })).toEqual(["on fire", "plain"]);
  expect([systemKind("linux"), systemKind("mainframe_z")]).toEqual(["Linux host", "mainframe z"]);
});

test("what protects an account is told", () => {
  expect(protectionLine({ protection: null })).toBeNull();
  expect(protectionLine({ protection: "built_in" })).toContain("system's own");
  expect(protectionLine({ protection: "declared" })).toContain("by a person");
});

test("tests and people by whom an account was linked are both named", () => {
  expect(linkedBy("same_email+same_name")).toBe("the same mail address, the same name");
  expect(linkedBy("Ada Nowak")).toBe("Ada Nowak");
  expect(entitlementKind("sudo_rule")).toBe("sudo rule");
});

test("several values of an attribute are one line", () => {
  expect(attributesOf({ mail: ["a@example.com", "b@example.com"], uid: "7" })).toEqual([["mail", "a@example.com, b@example.com"], ["uid", "7"]]);
});

test("what becomes of a change by hand and of a leaver's account is told", () => {
  expect(["revert", "accept", "ask", "shrug_off"].map(driftPolicy)).toEqual(["is changed back", "stays, and is shown", "waits for a person", "shrug off"]);
  expect(leaversAccount({ delete_after_days: null })).toBe("is disabled, and stays");
  expect(leaversAccount({ delete_after_days: 1 })).toBe("is disabled, and deleted after 1 day");
});

test("what a held reading lacked is told by kind, without what it did not lack", () => {
  expect(missingLine({ accounts: 3, entitlements: 0, memberships: 1 })).toBe("3 accounts and 1 membership");
  expect(missingLine({ accounts: 1, entitlements: 2, memberships: 1_200 })).toBe("1 account, 2 entitlements and 1,200 memberships");
  expect(missingLine({ accounts: 0, entitlements: 0, memberships: 2 })).toBe("2 memberships");
});
