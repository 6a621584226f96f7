import { expect, test } from "vitest";
import { conversionState, mayBeUndone, riskTone, rolesOfAll, stepLine, unusedDays, wayLine, whyLine } from "./words";

test("a nested way is told from the membership that can be taken away to what gives the power", () => {
  expect(wayLine({ path: ["Helpdesk", "Operators", "Admins"], why: "administers all of it" })).toBe("Helpdesk → Operators → Admins: administers all of it");
  expect(wayLine({ path: ["Admins"], why: "administers all of it" })).toBe("Admins: administers all of it");
  expect(wayLine({ path: [], why: "is superuser" })).toBe("by itself: is superuser");
});

test("what is risky stands out, and what is not known does not", () => {
  expect(["low", "high", "critical", "purple"].map(riskTone)).toEqual(["plain", "warn", "bad", "plain"]);
});

test("days without use are whole ones, and unknown where the system does not tell", () => {
  const now = Date.parse("2026-11-21T09:00:00Z");
  expect(unusedDays("2026-11-20T10:00:00Z", now)).toBe(0);
  expect(unusedDays("2026-08-23T09:00:00Z", now)).toBe(90);
  expect(unusedDays("2026-11-22T09:00:00Z", now)).toBe(0);
  expect(unusedDays(null, now)).toBeNull();
});

test("each state of a conversion has its words, and only what is not over can be undone", () => {
  expect(conversionState("done")).toEqual(["on request now", "good"]);
  expect(conversionState("half_way")).toEqual(["half way", "plain"]);
  expect(["removing", "done", "restoring", "undone", "abandoned"].filter(mayBeUndone)).toEqual(["removing", "done", "restoring"]);
  expect(whyLine("not_gone_in_time")).toBe("it was not gone in time");
  expect(whyLine("by_magic")).toBe("by magic");
  expect(whyLine(null)).toBeNull();
  expect([stepLine("order.gone"), stepLine("order.half_done")]).toEqual(["It was seen gone", "order half done"]);
});

test("several at once are asked for by a role that offers all of them", () => {
  expect(rolesOfAll([{ roles: ["a", "b"] }, { roles: ["b", "c"] }])).toEqual(["b"]);
  expect(rolesOfAll([{ roles: ["a"] }, { roles: [] }])).toEqual([]);
  expect(rolesOfAll([])).toEqual([]);
});
