// What a rotation would change in each file, without changing anything. Passwords are stars already when they come.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ManagedAccount, Rehearsal } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { dryRun } from "./queries";

export function DryRun({ account }: { account: ManagedAccount }) {
  const rehearse = useMutation({ mutationFn: () => dryRun(account.id) });
  return (
    <div style={{ marginTop: 12 }}>
      <Button size="xs" variant="default" loading={rehearse.isPending} onClick={() => rehearse.mutate()}>Dry run</Button>
      <ProblemLine error={rehearse.error} />
      {rehearse.data && (
        <Listing label="What a rotation would change" columns={COLUMNS} rows={rehearse.data.items} rowKey={(r) => r.dependent.id} empty={{ title: "Nothing would change" }} />
      )}
    </div>
  );
}

const COLUMNS: Column<Rehearsal>[] = [
  { header: "File", cell: (r) => <span className="mono">{r.dependent.host}:{r.dependent.file}</span> },
  {
    header: "Lines that would change",
    cell: (r) => <ul className="plain-list">{r.lines.map((line) => <li key={line.number}><span className="dim">{line.number}</span> <span className="mono">{line.shown}</span></li>)}</ul>,
  },
  { header: "Restarted", cell: (r) => (r.dependent.restart ? <span className="mono">{r.dependent.unit}</span> : <span className="dim">nothing</span>), on: "wide" },
  {
    header: "Answer",
    cell: (r) => (r.problem ? <><StateBadge tone="bad">cannot be updated</StateBadge> <Prose text={r.problem} /></> : <StateBadge tone="good">ready</StateBadge>),
  },
];
