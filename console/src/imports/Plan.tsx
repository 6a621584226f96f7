// What a run changes: counts first, a reason where it is held, then person by person.
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { api, take } from "../api/client";
import type { Change, ImportDetail, ImportRun } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge, type Tone } from "../shell/StateBadge";
import "../ledger/ledger.css";
import { many } from "../time/format";
import { Differences } from "./Differences";
import { Counts, ImportState } from "./ImportState";

const PAGE = 50;

export function Plan({ run, action }: { run: ImportRun | ImportDetail; action?: ReactNode }) {
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const mayConfirm = useMay("identities.import");
  const [shown, setShown] = useState(PAGE);
  const confirm: ReasonedAct = {
    title: "Apply a feed that was held",
    consequence: `${many(run.counts.leavers, "leaver")}: their privileged access ends first, the moment you confirm. Your name stands under this.`,
    verb: "Confirm and apply",
    tone: "bad",
    done: "The held feed was applied.",
    act: (reason) => take(api.POST("/api/v1/imports/{id}/confirm", { params: { path: { id: run.id ?? "" } }, body: { reason } })),
  };
  return (
    <div style={{ display: "grid", gap: 14 }}>
      <div className="sheet sheet-pad" style={{ display: "flex", alignItems: "center", gap: "12px 26px", flexWrap: "wrap" }}>
        <Counts counts={run.counts} />
        <ImportState state={run.state} />
        <div style={{ marginLeft: "auto" }}>{action}</div>
      </div>
      {run.held_because && (
        <div className="sheet sheet-pad held">
          <div><b>The breaker stopped this feed.</b> <Prose text={run.held_because} /></div>
          {run.state === "held" && mayConfirm && <Button color="brick" variant="light" onClick={() => setAct(confirm)}>Confirm with a reason</Button>}
        </div>
      )}
      <Listing label="Changes" columns={COLUMNS} rows={run.changes.slice(0, shown)} rowKey={(c) => `${c.employee_id} ${c.what}`}
          more={run.changes.length > shown ? () => setShown(shown + 200) : undefined} empty={{ title: "The feed changes nothing" }} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </div>
  );
}

const TONES: Record<string, Tone> = { joiner: "good", rejoiner: "good", mover: "warn", leaver: "bad" };

const COLUMNS: Column<Change>[] = [
  { header: "Number", width: 110, cell: (c) => <span className="mono">{c.employee_id}</span> },
  { header: "What", width: 120, cell: (c) => <StateBadge tone={TONES[c.what] ?? "plain"}>{c.what}</StateBadge> },
  { header: "Change", cell: (c) => <Differences change={c} /> },
];
