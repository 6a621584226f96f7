import { expect, test } from "vitest";
import type { Leaver } from "../api/types";
import { absolute } from "../time/format";
import { ownershipState, parts, thingKind, tookLine } from "./words";

const leaver: Leaver = {
  id: "cas_1", identity: { id: "idn_1", name: "Alice" }, event_at: "2026-11-22T12:00:00Z", withdrawn: 2, reopened: 0,
  step: "await_accounts_disabled", seconds: { sessions_ended: 0.4, last_privilege_gone: 12, accounts_disabled: null, owned: null }, closed_at: null,
};

test("privilege goes first, and what is over is told from what is waited for", () => {
  expect(parts(leaver)).toEqual([
    { name: "Live sessions ended", took: 400, isOver: true },
    { name: "Last privilege gone", took: 12_000, isOver: true },
    { name: "Accounts disabled", took: null, isOver: false },
    { name: "Everything owned", took: null, isOver: false },
  ]);
});

test("when it is done everything is over, also what there was nothing to do for; when it is cancelled nothing more is", () => {
  expect(parts({ ...leaver, step: "done", seconds: { ...leaver.seconds, last_privilege_gone: null } }).every((part) => part.isOver)).toBe(true);
  expect(parts({ ...leaver, step: "cancelled" }).some((part) => part.isOver)).toBe(false);
});

test("what nobody answers for is bad; the rest says who does, or until when", () => {
  expect(ownershipState({ state: "unowned" })[1]).toBe("bad");
  expect(ownershipState({ state: "handed_over", successor: { id: "idn_2", name: "Bob" } })).toEqual(["Bob's", "good"]);
  expect(ownershipState({ state: "dies_at", deadline: "2026-12-01T00:00:00Z" })).toEqual([`ends ${absolute("2026-12-01T00:00:00Z")}`, "warn"]);
  expect([thingKind("machine"), thingKind("secret")]).toEqual(["machine identity", "secret"]);
});

test("tenths of a second count where it was quick", () => {
  expect([tookLine(400), tookLine(1240), tookLine(12_000), tookLine(200_000)]).toEqual(["400 ms", "1.2 s", "12 s", "3 min 20 s"]);
});
