import { expect, test } from "vitest";
import type { Session, Story } from "../api/types";
import { proofs } from "./proofs";

const alice = { id: "idn_a", name: "Alice" };
const bob = { id: "idn_b", name: "Bob" };

function story(change: Partial<Story["grant"]> = {}, approver = bob): Story {
  const line = (kind: string, actor: typeof alice) => ({ seq: 1, thread: "req_1", at: "2026-11-21T12:00:00Z", kind, actor, facts: {}, personal: {} });
  return {
    grant: {
      id: "grt_1", holder: alice, target: "web-1", login: "root", channels: ["shell"], from: "2026-11-21T12:00:00Z",
      until: "2026-11-21T12:30:00Z", max_sessions: 1, because: { kind: "request", request: "req_1", role: "sre" },
      issued_at: "2026-11-21T12:00:00Z", state: "gone", gone_at: "2026-11-21T12:10:02Z", live_sessions: 0,
      ended: { at: "2026-11-21T12:10:00Z", cause: "withdrawn", by: bob, reason: "done" },
      ...change,
    },
    chapters: [{ title: "Request", at: "2026-11-21T11:56:00Z", lines: [line("request.submitted", alice), line("request.approved", approver)] }],
    checkpoint: { size: 2, root: "", key: "" },
  };
}

function session(change: Partial<Session> = {}): Session {
  return {
    id: "ses_1", grant: "grt_1", holder: alice, target: "web-1", login: "root", channel: "shell", command: null, client: "::1",
    state: "ended", started_at: "2026-11-21T12:01:00Z", ended_at: "2026-11-21T12:10:00.084Z", end_reason: "withdrawn",
    end_line: null, exit_status: null, bytes_in: 0, bytes_out: 0, recording: { sealed: true, sha256: "00", bytes: 1 },
    credential: { serial: "1", expires_at: "", ended_at: "2026-11-21T12:10:00.1Z", observed_gone_at: "2026-11-21T12:10:02Z" },
    ...change,
  };
}

const verdicts = (s: Story, sessions: Session[]) => proofs(s, sessions).map((p) => p.holds);

test("a whole story proves all four claims and says what each rests on", () => {
  expect(proofs(story(), [session()]).map((p) => [p.holds, p.because])).toEqual([
    ["yes", "Alice, then Bob"],
    ["yes", "1 of 1 sealed into the ledger"],
    ["yes", "the last was cut 84 ms after its end"],
    ["yes", "refused by the target, 2 s after the end"],
  ]);
});

test("an approver who is the requester is not two people", () => {
  expect(verdicts(story({}, alice), [session()])[0]).toBe("no");
});

test("a session cut later than the promised second breaks the claim", () => {
  expect(verdicts(story(), [session({ ended_at: "2026-11-21T12:10:01.200Z" })])[2]).toBe("no");
  expect(verdicts(story(), [session({ ended_at: null, state: "live" })])[2]).toBe("no");
});

test("an ended session without a sealed recording breaks the claim", () => {
  expect(verdicts(story(), [session({ recording: null })])[1]).toBe("no");
});

test("while the grant stands, its end is open and not claimed", () => {
  expect(verdicts(story({ state: "standing", ended: null, gone_at: null }), [])).toEqual(["yes", "yes", "open", "open"]);
});
