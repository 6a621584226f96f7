import { expect, test } from "vitest";
import { actWord, peopleLine, placeLine, simulationState, totals, valuesLine, whatLine } from "./words";

const none = { roles: 0, eligibilities: 0, entitlements: 0, privileged: 0, accounts: 0 };

test("what is lost stands before what is gained, and what does not happen is left out", () => {
  const one = { gained: { ...none, entitlements: 4, privileged: 1 }, lost: { ...none, roles: 2 }, changed: 3, conflicts: 0 };
  expect(totals(one).map(({ what, n }) => `${n} ${what}`)).toEqual(["2 roles lost", "4 entitlements gained", "1 of these privileged", "3 other changes"]);
  expect(totals({ gained: none, lost: none, changed: 0, conflicts: 0 })).toEqual([]);
});

test("forbidden pairs are told first", () => {
  expect(totals({ gained: { ...none, roles: 9 }, lost: none, changed: 0, conflicts: 2 })[0]).toEqual({ what: "forbidden pairs", n: 2 });
});

test("an effect says what it is about and where", () => {
  expect(whatLine({ kind: "entitlement", name: "admins", system: "corp" })).toBe("the entitlement admins on corp");
  expect(whatLine({ kind: "eligibility", name: "root", system: "web-1" })).toBe("may ask for root on web-1");
  expect(whatLine({ kind: "role", name: "sre", system: null })).toBe("the role sre");
  expect(whatLine({ kind: "record", name: "department", system: null })).toBe("department");
  expect(whatLine({ kind: "conflict", name: "pays and orders", system: null })).toBe("holds both pays and orders");
});

test("values are shown as far as there are any", () => {
  expect(valuesLine({ before: "Platform", after: "Sales" })).toBe("Platform → Sales");
  expect(valuesLine({ before: null, after: "60 minutes" })).toBe("60 minutes");
  expect(valuesLine({ before: "60 minutes", after: null })).toBe("60 minutes");
  expect(valuesLine({ before: null, after: null })).toBeNull();
});

test("nobody concerned is said, and a fault has a place only where a line is to blame", () => {
  expect(peopleLine({ people: 0, looked_at: 40 })).toBe("for none of 40 people");
  expect(peopleLine({ people: 3, looked_at: 1204 })).toBe("for 3 of 1,204 people");
  expect(placeLine({ line: 4, column: 14 })).toBe("line 4, column 14");
  expect(placeLine({ line: 0, column: 0 })).toBe("");
});

test("words nobody knows are shown as they are", () => {
  expect(actWord("eats")).toEqual(["eats", "plain"]);
  expect(simulationState("applied")[1]).toBe("good");
  expect(simulationState("computed")[0]).toContain("nothing");
});
