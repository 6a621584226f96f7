import { expect, test } from "vitest";
import type { Line, Session } from "../api/types";
import { bySession } from "./uses";

const line = (seq: number, kind: string, change: Partial<Line> = {}): Line => ({
  seq, kind, thread: "grt_1", at: "2026-11-21T12:00:00Z", actor: { id: "idn_a", name: "Alice" }, facts: {}, personal: {}, ...change,
});
const session = (id: string) => ({ id }) as Session;

test("two sessions that overlap are told apart, and nothing is lost", () => {
  const lines = [
    line(1, "permit.given", { thread: "grt_1", facts: { session: "ses_a" } }),
    line(2, "session.started", { thread: "ses_a" }),
    line(3, "permit.given", { thread: "grt_1", facts: { session: "ses_b" } }),
    line(4, "session.ended", { thread: "ses_a" }),
    line(5, "session.ended", { thread: "ses_b" }),
    line(6, "permit.refused", { thread: "grt_1" }),
  ];
  const { uses, others } = bySession(lines, [session("ses_a"), session("ses_b"), session("ses_unused")]);
  expect(uses.map((use) => [use.session.id, use.lines.map((l) => l.seq)])).toEqual([
    ["ses_a", [1, 2, 4]],
    ["ses_b", [3, 5]],
  ]);
  expect(others.map((l) => l.seq)).toEqual([6]);
});
