// What a grant's story shows to somebody who doubts it: a few claims, each with what it rests on. Pure.
import type { Session, Story } from "../api/types";
import { duration, millis } from "../time/format";

export interface Proof {
  holds: "yes" | "no" | "open";
  claim: string;
  because: string;
}

/** The promise: no session outlives its grant by more than this. */
const BOUND = 1000;

export function proofs(story: Story, sessions: Session[]): Proof[] {
  return [twoPeople(story), recorded(sessions), ended(story, sessions), gone(story, sessions)];
}

function twoPeople(story: Story): Proof {
  const claim = "Asked and approved by two people";
  const lines = story.chapters.flatMap((chapter) => chapter.lines);
  const asked = lines.find((line) => line.kind === "request.submitted")?.actor;
  const approved = lines.find((line) => line.kind === "request.approved")?.actor;
  if (!asked || !approved || !asked.id.startsWith("idn_")) {
    return { holds: "no", claim, because: "the story has no request and approval by named people" };
  }
  return { holds: asked.id === approved.id ? "no" : "yes", claim, because: `${asked.name}, then ${approved.name}` };
}

function recorded(sessions: Session[]): Proof {
  const claim = "Every session recorded";
  if (sessions.length === 0) return { holds: "yes", claim, because: "it was never used" };
  const sealed = sessions.filter((s) => s.recording?.sealed).length;
  const broken = sessions.filter((s) => s.state === "ended" && !s.recording?.sealed).length;
  const because = `${sealed} of ${sessions.length} sealed into the ledger`;
  return { holds: broken > 0 ? "no" : sealed < sessions.length ? "open" : "yes", claim, because };
}

function ended(story: Story, sessions: Session[]): Proof {
  const claim = "No session outlived it";
  const end = story.grant.ended?.at;
  if (!end) return { holds: "open", claim, because: "it still stands" };
  const late = sessions.map((s) => (s.ended_at ? millis(s.ended_at) - millis(end) : Infinity));
  const worst = Math.max(-Infinity, ...late);
  if (worst === Infinity) return { holds: "no", claim, because: "a session is still live" };
  if (worst <= 0) return { holds: "yes", claim, because: sessions.length === 0 ? "there was none" : "all had ended before" };
  const because = `the last was cut ${duration(worst)} after its end`;
  return { holds: worst <= BOUND ? "yes" : "no", claim, because };
}

function gone(story: Story, sessions: Session[]): Proof {
  const claim = "Credentials observed gone";
  const used = sessions.filter((s) => s.credential);
  const seen = used.filter((s) => s.credential?.observed_gone_at).length;
  if (!story.grant.ended) return { holds: "open", claim, because: "when it has ended" };
  if (!story.grant.gone_at) return { holds: "open", claim, because: `${seen} of ${used.length} so far` };
  if (used.length === 0) return { holds: "yes", claim, because: "none was ever made" };
  const after = duration(millis(story.grant.gone_at) - millis(story.grant.ended.at));
  return { holds: seen === used.length ? "yes" : "no", claim, because: `refused by the target, ${after} after the end` };
}
