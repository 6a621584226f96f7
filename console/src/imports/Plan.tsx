// What a run changes: counts first, a reason where it is held, then person by person.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Change, ImportDetail, ImportRun } from "../api/types";
import { SearchIcon } from "../icons";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge, type Tone } from "../shell/StateBadge";
import "../ledger/ledger.css";
import { count, many } from "../time/format";
import { kindsIn, pick } from "./changes";
import { Differences } from "./Differences";
import { Counts, ImportState } from "./ImportState";
import { confirm } from "./queries";

export function Plan({ run, action }: { run: ImportRun | ImportDetail; action?: ReactNode }) {
  return (
    <div style={{ display: "grid", gap: 14 }}>
      <div className="sheet sheet-pad" style={{ display: "flex", alignItems: "center", gap: "12px 26px", flexWrap: "wrap" }}>
        <Counts counts={run.counts} />
        <ImportState state={run.state} />
        <div style={{ marginLeft: "auto" }}>{action}</div>
      </div>
      {run.held_because && <Held run={run} because={run.held_because} />}
      {run.counts.undecided > 0 && <Undecided n={run.counts.undecided} isPlan={run.state === "planned"} />}
      <Changes changes={run.changes} />
    </div>
  );
}

function Held({ run, because }: { run: ImportRun | ImportDetail; because: string }) {
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const mayConfirm = useMay("identities.import");
  const { id } = run;
  return (
    <Notice tone="warn">
      <div><b>{run.state === "planned" ? "The breaker would hold this feed." : "The breaker stopped this feed."}</b> <Prose text={because} /></div>
      {run.state === "held" && id && mayConfirm && (
        <Button color="brick" variant="light" onClick={() => setAct(confirming(id, run.counts.leavers))}>Confirm with a reason</Button>
      )}
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Notice>
  );
}

function confirming(id: string, leavers: number): ReasonedAct {
  return {
    title: "Apply a feed that was held",
    consequence: `${many(leavers, "leaver")}: their privileged access ends first, the moment you confirm. Your name stands under this.`,
    verb: "Confirm and apply",
    tone: "bad",
    done: "The held feed was applied.",
    act: (reason) => confirm(id, reason),
  };
}

function Undecided({ n, isPlan }: { n: number; isPlan: boolean }) {
  const maySee = useMay("cases.read");
  const what = n === 1 ? "One record may be of somebody whom Tenure knows" : `${count(n)} records may be of people whom Tenure knows`;
  return (
    <Notice tone="plain">
      <div>
        {what}, and nothing says so for sure: a person decides{isPlan ? " after it is applied" : ""}. Until then nothing changes for {n === 1 ? "it" : "them"}.
        {maySee && !isPlan && <> See <Link className="link" to="/cases">Match cases</Link>.</>}
      </div>
    </Notice>
  );
}

const PAGE = 50;

function Changes({ changes }: { changes: Change[] }) {
  const [what, setWhat] = useState("");
  const [text, setText] = useState("");
  const [shown, setShown] = useState(PAGE);
  const kinds = kindsIn(changes);
  const rows = pick(changes, what, text);
  return (
    <div>
      {changes.length > 5 && (
        <div className="filters">
          <TextInput aria-label="Find in the changes" placeholder="number, name, anything that changes" w={280} maw="100%" leftSection={<SearchIcon size={16} />}
            value={text} onChange={(event) => setText(event.currentTarget.value)} />
          {kinds.length > 1 && (
            <SegmentedControl aria-label="Kind of change" size="sm" value={what} onChange={setWhat}
              data={[{ label: `All ${count(changes.length)}`, value: "" }, ...kinds.map(([kind, n]) => ({ label: many(n, kind), value: kind }))]} />
          )}
        </div>
      )}
      <Listing label="Changes" columns={COLUMNS} rows={rows.slice(0, shown)} rowKey={(c) => `${c.employee_id} ${c.what}`}
        more={rows.length > shown ? () => setShown(shown + 200) : undefined} empty={{ title: changes.length === 0 ? "The feed changes nobody" : "No change fits" }} />
    </div>
  );
}

const TONES: Record<string, Tone> = { joiner: "good", rejoiner: "good", mover: "warn", leaver: "bad" };

const COLUMNS: Column<Change>[] = [
  { header: "Number", width: 110, cell: (c) => <span className="mono">{c.employee_id}</span> },
  { header: "What", width: 120, cell: (c) => <StateBadge tone={TONES[c.what] ?? "plain"}>{c.what}</StateBadge> },
  { header: "Change", cell: (c) => <Differences change={c} /> },
];
