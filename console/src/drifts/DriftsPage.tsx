// What was changed by hand on systems and nothing of Tenure's explains: changed back, or let be, by rule or by a person.
import { Button, Group, SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Drift } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { Page } from "../shell/Page";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { decide, driftsPage } from "./queries";
import { driftState, foundLine } from "./words";

export function DriftsPage() {
  const me = useMe();
  const mayDecide = useMay("cases.decide");
  const [state, setState] = useState("waiting");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const list = usePages(["drifts", "list", state], (after) => driftsPage({ state: state || undefined }, after), { refetchInterval: 30_000 });
  const columns = mayDecide ? [...COLUMNS, answers(me.identity.id, setAct)] : COLUMNS;
  return (
    <Page title="Drifts" lead="Somebody changed a system by hand. What the system's settings do not settle waits for a person: it is changed back, or it stays for as long as whose it is works here.">
      <div className="filters">
        <SegmentedControl aria-label="State" size="sm" value={state} onChange={setState}
          data={[{ label: "Waiting", value: "waiting" }, { label: "Changed back", value: "reverting" }, { label: "Stays", value: "accepted" }, { label: "Over", value: "over" }, { label: "All", value: "" }]} />
      </div>
      <Listing label="Drifts" columns={columns} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(d) => d.id}
        empty={state === "waiting" ? { title: "Nothing waits for a decision" } : { title: "There is no such drift" }} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

const found = (drift: Drift) => foundLine({ ...drift, entitlement: drift.entitlement_name });

const COLUMNS: Column<Drift>[] = [
  { header: "System", cell: (d) => <SystemLink name={d.system} /> },
  { header: "Found", cell: (d) => <>{d.account ? <Link className="link" to="/inventory/accounts/$id" params={{ id: d.account }}>{found(d)}</Link> : found(d)}{d.privileged && <> <StateBadge tone="warn">privileged</StateBadge></>}</> },
  { header: "Whose", cell: (d) => <Who actor={d.identity} />, on: "wide" },
  { header: "Since", cell: (d) => <When at={d.found_at} />, on: "wide" },
  { header: "State", cell: (d) => <State drift={d} />, on: "wide" },
];

function State({ drift }: { drift: Drift }) {
  const [word, tone] = driftState(drift.state);
  return <><StateBadge tone={tone}>{word}</StateBadge>{drift.decided_by && <div className="dim" style={{ fontSize: 13.5 }}>{drift.decided_by.name}</div>}</>;
}

function SystemLink({ name }: { name: string }) {
  const maySee = useMay("inventory.read");
  return maySee ? <Link className="link mono" to="/inventory/systems/$name" params={{ name }}>{name}</Link> : <span className="mono">{name}</span>;
}

/** Nobody decides about their own account. */
function answers(me: string, open: (act: ReasonedAct) => void): Column<Drift> {
  return {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (d) => d.state === "waiting" && d.identity.id !== me && (
      <Group gap={6} justify="flex-end" className="acts" wrap="nowrap">
        <Button size="compact-sm" variant="default" aria-label={`Let it be: ${found(d)}`} onClick={() => open(accepting(d, found(d)))}>Let it be</Button>
        <Button size="compact-sm" variant="light" color="brick" aria-label={`Change it back: ${found(d)}`} onClick={() => open(reverting(d, found(d)))}>Change back</Button>
      </Group>
    ),
  };
}

function accepting(drift: Drift, found: string): ReasonedAct {
  return {
    title: `On ${drift.system}, ${found}`,
    consequence: `It stays for as long as ${drift.identity.name} works here, and is not found again.`,
    verb: "Let it be",
    tone: "good",
    done: "It stays as it is.",
    act: (reason) => decide(drift.id, "accept", reason),
  };
}

function reverting(drift: Drift, found: string): ReasonedAct {
  return {
    title: `On ${drift.system}, ${found}`,
    consequence: "The next plan of the system changes it back.",
    verb: "Change it back",
    tone: "bad",
    done: "The next plan of the system changes it back.",
    act: (reason) => decide(drift.id, "revert", reason),
  };
}
