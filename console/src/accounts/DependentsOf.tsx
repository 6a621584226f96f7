// Files on hosts that hold the password of one account, and whether rotations update them.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Dependent, ManagedAccount } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { DryRun } from "./DryRun";
import { LookForDependents } from "./LookForDependents";
import { dependentsQuery, keepDependent, removeDependent } from "./queries";
import { dependentState, kindName } from "./words";

export function DependentsOf({ account }: { account: ManagedAccount }) {
  const mayWrite = useMay("accounts.write");
  const query = useQuery({ ...dependentsQuery(account.id), enabled: account.credential === "password" });
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  if (account.credential !== "password") return null;
  const acts: Column<Dependent> = { header: "Acts", quiet: true, cell: (d) => <Acts dependent={d} onAct={setAct} /> };
  return (
    <Section title="Files that hold it">
      {mayWrite && !account.unmanaged_at && <LookForDependents account={account} />}
      <Listing label="Dependents of the account" columns={mayWrite ? [...columns(account), acts] : columns(account)} rows={query.data?.items} error={query.error} rowKey={(d) => d.id}
        empty={{ title: "None was found", hint: "A rotation updates the files that somebody keeps here, in the same job." }} />
      {mayWrite && query.data && query.data.items.length > 0 && <DryRun account={account} />}
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </Section>
  );
}

function columns(account: ManagedAccount): Column<Dependent>[] {
  return [
    { header: "Host", cell: (d) => <Link className="link mono" to="/targets/$name" params={{ name: d.host }}>{d.host}</Link> },
    { header: "File", cell: (d) => <><span className="mono">{d.file}</span> <span className="dim">line {d.lines.join(", ")}</span></> },
    { header: "What it is", cell: (d) => <>{kindName(d.place)}{d.unit && <> of <span className="mono">{d.unit}</span></>}</>, on: "wide" },
    { header: "State", cell: (d) => <State dependent={d} account={account} /> },
    { header: "Updated", cell: (d) => <When at={d.updated_at} />, on: "wide" },
  ];
}

function State({ dependent, account }: { dependent: Dependent; account: ManagedAccount }) {
  const [word, tone] = dependentState(dependent, account);
  return <><StateBadge tone={tone}>{word}</StateBadge>{dependent.last_error && <div className="dim"><Prose text={dependent.last_error} /></div>}</>;
}

function Acts({ dependent, onAct }: { dependent: Dependent; onAct: (act: ConfirmedAct) => void }) {
  return (
    <Group gap="xs" wrap="nowrap">
      {dependent.state === "found" && <Button size="compact-sm" onClick={() => onAct(keeping(dependent, false))}>Keep</Button>}
      {dependent.state === "found" && dependent.unit && <Button size="compact-sm" variant="default" onClick={() => onAct(keeping(dependent, true))}>Keep and restart</Button>}
      <Button size="compact-sm" variant="default" onClick={() => onAct(removing(dependent))}>Remove</Button>
    </Group>
  );
}

function keeping(dependent: Dependent, restart: boolean): ConfirmedAct {
  const after = restart ? `, and ${dependent.unit} is restarted` : "";
  return {
    title: `Keep ${dependent.file} on ${dependent.host}`,
    consequence: `Every rotation puts the new password into this file${after}. When it cannot be updated, rotations wait before they touch the target.`,
    verb: "Keep",
    tone: "good",
    done: `Rotations update ${dependent.file} from now on.`,
    act: () => keepDependent(dependent.id, restart),
  };
}

function removing(dependent: Dependent): ConfirmedAct {
  return {
    title: `Remove ${dependent.file} on ${dependent.host}`,
    consequence: "The file stays as it is. Rotations no longer update it, so whatever reads it stops to work after the next one.",
    verb: "Remove",
    tone: "bad",
    done: `Rotations leave ${dependent.file} alone from now on.`,
    act: () => removeDependent(dependent.id),
  };
}
