import { expect, test } from "vitest";
import { driftState, foundLine } from "./words";

test("what was found is the contrary of what would change it back", () => {
  const found = (changed_back_by: string) => foundLine({ changed_back_by, identity: { name: "Alice" }, entitlement: "operators" });
  expect(found("revoke")).toBe("Alice's account has operators");
  expect(found("grant")).toBe("Alice's account lacks operators");
  expect(found("create")).toBe("Alice's account is not there");
  expect(found("delete")).toBe("Alice's account is there");
  expect(found("disable")).toBe("Alice's account is enabled");
  expect(found("enable")).toBe("Alice's account is disabled");
  expect(found("change")).toBe("Alice's account is not as it should be");
  expect(foundLine({ changed_back_by: "revoke", identity: { name: "Alice" }, login: "amoreau", entitlement: "operators" })).toBe("amoreau has operators");
  expect(found("re_paint")).toBe("Alice's account: re paint");
  expect(foundLine({ changed_back_by: "revoke", identity: { name: "Alice" }, entitlement: null })).toBe("Alice's account has an entitlement");
});

test("what waits for a person stands out", () => {
  expect(driftState("waiting")[1]).toBe("warn");
  expect(driftState("melted")).toEqual(["melted", "plain"]);
});
