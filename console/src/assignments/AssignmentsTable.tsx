// What people are to hold, and because of what; whoever may, takes back what a person gave.
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Assignment } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { useNow } from "../time/useNow";
import { When } from "../time/When";
import { end } from "./queries";
import { assignmentState, canEnd, whatOf } from "./words";

interface AssignmentsTableProps {
  rows: Assignment[] | undefined;
  /** Names the person, where the page does not. */
  of: "everybody" | "one person";
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function AssignmentsTable({ of, ...listing }: AssignmentsTableProps) {
  const me = useMe();
  const mayEnd = useMay("entitlements.write");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const acts: Column<Assignment> = {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (a) => canEnd(a) && a.identity.id !== me.identity.id && (
      <Button size="compact-sm" variant="light" color="brick" aria-label={`Take back ${whatOf(a)} from ${a.identity.name}`} onClick={() => setAct(ending(a))}>Take back</Button>
    ),
  };
  const columns = [...(of === "everybody" ? [WHO] : []), ...COLUMNS, ...(mayEnd ? [acts] : [])];
  return (
    <>
      <Listing {...listing} label="Assignments" columns={columns} rowKey={(a) => a.id} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function ending(assignment: Assignment): ReasonedAct {
  const { name } = assignment.identity;
  return {
    title: `Take back ${whatOf(assignment)} from ${name}`,
    consequence: "It ends now. What they hold by another assignment or by a condition stays.",
    verb: "Take it back",
    tone: "bad",
    done: `${name} does not have ${whatOf(assignment)} any more.`,
    act: (reason) => end(assignment.id, reason),
  };
}

const WHO: Column<Assignment> = { header: "Who", cell: (a) => <Who actor={a.identity} /> };

const COLUMNS: Column<Assignment>[] = [
  { header: "What", cell: (a) => (a.role ? <span className="nowrap"><span className="dim">role</span> <span className="mono">{a.role}</span></span> : <Account login={a.entitlement ?? ""} target={a.system ?? ""} />) },
  { header: "Because", cell: (a) => <Because assignment={a} />, on: "wide" },
  { header: "From", cell: (a) => <When at={a.from} show="absolute" />, on: "wide" },
  { header: "Until", cell: (a) => (a.until ? <When at={a.until} /> : <span className="dim nowrap">no end</span>), on: "wide" },
  { header: "State", cell: (a) => <State assignment={a} /> },
];

function Because({ assignment: { given_by, because } }: { assignment: Assignment }) {
  if (given_by) return <>{because} <span className="dim">({given_by.name})</span></>;
  return <span className="dim"><Prose text={because} /></span>;
}

function State({ assignment }: { assignment: Assignment }) {
  const [word, tone] = assignmentState(assignment, useNow());
  return <><StateBadge tone={tone}>{word}</StateBadge>{assignment.ended_at && <> <When at={assignment.ended_at} /></>}</>;
}
