// What a person orders about somebody's state, ahead of every source: leave, suspension, termination, and back.
import { Button, Modal, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { IdentityDetail } from "../api/types";
import { ActForm } from "../shell/ActForm";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { moment } from "../time/local";
import { MomentInput } from "../time/MomentInput";
import { useNow } from "../time/useNow";
import { leave, resume, suspend, terminate, timelineQuery, type StateOrdered } from "./queries";
import { isOpen } from "./states";

type Kind = "terminate" | "suspend" | "leave";

export function StateActs({ person }: { person: IdentityDetail }) {
  const me = useMe();
  const mayOrder = useMay("lifecycle.terminate") && me.identity.id !== person.id;
  const timeline = useQuery({ ...timelineQuery(person.id), enabled: mayOrder });
  const now = useNow();
  const [kind, setKind] = useState<Kind | null>(null);
  const [resuming, setResuming] = useState<ReasonedAct | null>(null);
  if (!mayOrder || !timeline.data) return null;
  const open = timeline.data.orders.filter((order) => isOpen(order, now));
  const isFree = (of: string) => !open.some((order) => order.kind === of);
  const hasLeft = person.state === "terminated" || person.state === "archived";
  return (
    <>
      {isFree("terminated_for_cause") && <Button variant="light" color="brick" onClick={() => setKind("terminate")}>Terminate</Button>}
      {!hasLeft && isFree("leave") && <Button variant="default" onClick={() => setKind("leave")}>On leave</Button>}
      {!hasLeft && isFree("suspended") && <Button variant="default" onClick={() => setKind("suspend")}>Suspend</Button>}
      {open.length > 0 && <Button onClick={() => setResuming(resumingOf(person))}>Resume</Button>}
      <Modal opened={kind !== null} onClose={() => setKind(null)} title={kind && <b>{ACTS[kind].title(person.name)}</b>}>
        {kind && <StateForm person={person} kind={kind} onClose={() => setKind(null)} />}
      </Modal>
      <ReasonDialog act={resuming} onClose={() => setResuming(null)} />
    </>
  );
}

interface Act {
  title: (name: string) => string;
  consequence: string;
  verb: string;
  done: (name: string) => string;
  from: string;
  /** Absent where it holds until it is lifted. */
  until?: string;
  run: (id: string, ordered: StateOrdered) => Promise<unknown>;
}

const ACTS: Record<Kind, Act> = {
  terminate: {
    title: (name) => `${name} has left, for cause`,
    consequence: "Live sessions end, every grant is withdrawn and signing in ends, whatever sources say and until a person lifts it. What was withdrawn does not come back.",
    verb: "Terminate",
    done: (name) => `${name} has left.`,
    from: "Since when they have left; now when it is left out. A past moment acts now, a later one then.",
    run: terminate,
  },
  suspend: {
    title: (name) => `Suspend ${name}`,
    consequence: "Grants end at once and do not come back. Meanwhile nothing proves them to Tenure: no password, key or token.",
    verb: "Suspend",
    done: (name) => `${name} is suspended.`,
    from: "Now when it is left out.",
    until: "Until a person lifts it when it is left out.",
    run: suspend,
  },
  leave: {
    title: (name) => `${name} is on leave`,
    consequence: "They sign in, and hold no privilege. Grants end at once and do not come back.",
    verb: "Put on leave",
    done: (name) => `${name} is on leave.`,
    from: "Now when it is left out.",
    until: "Until a person lifts it when it is left out.",
    run: leave,
  },
};

function StateForm({ person, kind, onClose }: { person: IdentityDetail; kind: Kind; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const act = ACTS[kind];
  const run = () => act.run(person.id, { reason: reason.trim(), at: moment(from), ...(act.until ? { until: moment(until) } : {}) });
  const done = from === "" || Date.parse(from) <= Date.now() ? act.done(person.name) : "It is ordered for then.";
  return (
    <ActForm verb={act.verb} tone="bad" run={run} done={done} complete={reason.trim() !== ""} onClose={onClose}>
      <p>{act.consequence}</p>
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} data-autofocus value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <MomentInput label="From" description={act.from} value={from} onChange={setFrom} />
      {act.until && <MomentInput label="Until" description={act.until} value={until} onChange={setUntil} />}
    </ActForm>
  );
}

function resumingOf(person: IdentityDetail): ReasonedAct {
  return {
    title: `Resume ${person.name}`,
    consequence: "Lifts everything that a person ordered about them: the sources have the word again. What was withdrawn stays withdrawn.",
    verb: "Lift it",
    tone: "good",
    done: `What was ordered about ${person.name} is lifted.`,
    act: (reason) => resume(person.id, reason),
  };
}
