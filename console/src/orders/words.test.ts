import { expect, test } from "vitest";
import { ACT_NAMES, actName, causeOf, deedLine, orderState, ORDER_STATES } from "./words";

test("what is done is said with the account and what it gets or loses", () => {
  expect(deedLine({ act: "create", login: "alice" })).toBe("create the account alice");
  expect(deedLine({ act: "grant", login: "alice", entitlement: "operators" })).toBe("give operators to alice");
  expect(deedLine({ act: "revoke", login: "alice", entitlement: "operators" })).toBe("take operators away from alice");
  expect(deedLine({ act: "disable", login: null })).toBe("disable an account");
  expect(deedLine({ act: "revoke", entitlement: "operators", identity: { name: "Alice" } })).toBe("take operators away from Alice's account");
  expect(deedLine({ act: "disable", login: null, identity: { name: "Alice" } })).toBe("disable Alice's account");
});

test("what takes away stands out from what gives", () => {
  expect(ACT_NAMES.filter((act) => actName(act)[1] === "bad")).toEqual(["delete", "disable", "revoke"]);
  expect(actName("teleport")).toEqual(["teleport", "plain"]);
});

test("only what was seen is good: done is not enough", () => {
  expect(ORDER_STATES.filter((state) => orderState(state)[1] === "good")).toEqual(["observed", "gone"]);
  expect(orderState("done")).toEqual(["done, not seen yet", "warn"]);
  expect(orderState("lost_in_space")).toEqual(["lost in space", "plain"]);
});

test("every cause is told", () => {
  expect(causeOf("leaver")).toBe("they left");
  expect(causeOf("full_moon")).toBe("full moon");
});
