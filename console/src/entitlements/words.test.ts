import { expect, test } from "vitest";
import { privilegedLine, requestableLine, riskTone, RISK_NAMES } from "./words";

const plain = { privileged: null, privileged_why: null, requestable: false, max_minutes: null };

test("whether an entitlement is privileged is said with the reason, or left to the system", () => {
  expect(privilegedLine(plain)).toBe("as the system says");
  expect(privilegedLine({ ...plain, privileged: true, privileged_why: "root by sudo" })).toBe("yes: root by sudo");
  expect(privilegedLine({ ...plain, privileged: false })).toBe("no");
});

test("what may not be asked for says so, whatever its term is", () => {
  expect(requestableLine({ ...plain, max_minutes: 60 })).toBe("no");
  expect(requestableLine({ ...plain, requestable: true, max_minutes: 60 })).toBe("at most 1 h");
  expect(requestableLine({ ...plain, requestable: true })).toBe("yes");
});

test("only what is risky stands out", () => {
  expect(RISK_NAMES.map(riskTone)).toEqual(["plain", "plain", "warn", "bad"]);
  expect(riskTone("cosmic")).toBe("plain");
});
