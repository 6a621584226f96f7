import { expect, test } from "vitest";
import { authorityLine, clientName, kindName, readingState, refusalLine, saysLine, settingsOf, sourceState, staleLine, triedLine } from "./words";

test("a source whose last feed was refused is bad, whatever it gave before", () => {
  expect(sourceState({ last_whole_at: "2026-11-22T06:00:00Z", refused: { code: "feed_truncated" } })).toEqual(["last feed refused", "bad"]);
  expect(sourceState({ last_whole_at: "2026-11-22T06:00:00Z", refused: null })).toEqual(["taken", "good"]);
  expect(sourceState({ last_whole_at: null })[1]).toBe("plain");
});

test("what a declaration leaves out holds all the same, and is said", () => {
  const settings = settingsOf({ precedence: null, precedence_of: {}, max_missing_percent: null, stale_after_hours: null });
  expect(settings).toMatchObject({ says: "everybody", authority: "people", precedence: 100, maxMissingPercent: 10, attributes: [] });
  expect(saysLine(settings)).toContain("has left");
  expect(authorityLine(settings)).toBe("makes people known");
  expect(staleLine(settings)).toBe("never");
});

test("a source that says what changed proves nobody gone, and one that only adds says so", () => {
  const settings = settingsOf({ says: "changes", authority: "attributes", precedence: 5, precedence_of: { phone: 1, email: 50 }, stale_after_hours: 72 });
  expect(saysLine(settings)).toContain("nobody is gone");
  expect(authorityLine(settings)).toContain("another source");
  expect(settings.precedenceOf).toEqual([["email", 50], ["phone", 1]]);
  expect(staleLine(settings)).toBe("after 3 d");
});

test("every refusal of a feed is told, and one that is new to the console is shown as it is", () => {
  for (const code of ["feed_empty", "feed_truncated", "feed_doubled", "feed_stale", "feed_half_loaded", "feed_bad_value", "feed_unknown_attribute"]) {
    expect(refusalLine(code)).not.toContain("Feed");
  }
  expect(refusalLine("feed_upside_down")).toBe("Feed upside down.");
});

test("kinds and clients are written as people write them", () => {
  expect([kindName("csv"), kindName("active_directory"), kindName("carrier_pigeon")]).toEqual(["CSV file", "Active Directory", "carrier pigeon"]);
  expect([clientName("entra"), clientName("strict")]).toEqual(["Microsoft Entra", "keeps to the RFCs"]);
});

test("a reading that broke off is bad, and one that changed nothing is well", () => {
  expect(readingState("broken")[1]).toBe("bad");
  expect(readingState("unchanged")).toEqual(["nothing to change", "good"]);
  expect(readingState("dreaming")).toEqual(["dreaming", "plain"]);
});

test("a source that answers without a column that it names says which", () => {
  expect(triedLine({ size: 20, columns: ["mail"], missing: ["phone", "badge"] })).toBe("It answers, but these columns are missing: phone, badge.");
  expect(triedLine({ size: 20, columns: ["mail"], missing: [] })).toBe("It answers, with every column: 20 rows came.");
  expect(triedLine({ size: 1200, columns: [], missing: [] })).toBe("It answers: 1.2 kB came.");
});
