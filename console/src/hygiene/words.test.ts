import { expect, test } from "vitest";
import { recordingsLine, ruleName, scanned, scanState } from "./words";

const expires_at = "2026-11-22T09:00:00Z";
const before = Date.parse("2026-11-22T08:30:00Z");
const after = Date.parse("2026-11-22T09:00:01Z");

test("a scan that found something is bad, also one that never ended", () => {
  expect(scanState({ matched: 2, ended_at: null, expires_at }, after)).toEqual(["2 found", "bad"]);
  expect(scanState({ matched: 0, ended_at: "2026-11-22T08:10:00Z", expires_at }, before)).toEqual(["nothing found", "good"]);
});

test("a scan without an end is under way for an hour, and then not finished: it found nothing that counts", () => {
  expect(scanState({ matched: 0, expires_at }, before)[0]).toBe("under way");
  expect(scanState({ matched: 0, expires_at }, after)).toEqual(["not finished", "plain"]);
});

test("what was read and what could not be read are both said", () => {
  expect(recordingsLine({ recordings: 1, unreadable: 0, found: [] })).toBe("1 recording read: no value of the vault in them");
  expect(recordingsLine({ recordings: 1200, unreadable: 3, found: [1, 2] })).toBe("1,200 recordings read, 3 could not be read here: 2 values of the vault in them");
  expect(scanned("git")).toBe("a git repository");
  expect(ruleName("grants_too_many")).toBe("grants too many");
});
