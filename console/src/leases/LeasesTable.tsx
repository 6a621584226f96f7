// Credentials made on demand, each with what may be done about it.
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { lineOf } from "../api/problem";
import type { Lease } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { renew, revoke } from "./queries";
import { causeOf, leaseState } from "./words";

interface LeasesTableProps {
  rows: Lease[] | undefined;
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function LeasesTable(props: LeasesTableProps) {
  const me = useMe();
  const mayUse = useMay("leases.use");
  const mayRevoke = useMay("leases.revoke");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const acts = (lease: Lease) => {
    const isMine = mayUse && lease.holder.id === me.identity.id;
    if (lease.state !== "live") return null;
    return (
      <Group gap={6} justify="flex-end" className="acts">
        {isMine && <Renew lease={lease} />}
        {(isMine || mayRevoke) && <Button size="compact-sm" variant="light" color="brick" aria-label={`Revoke ${lease.name}`} onClick={() => setAct(revoking(lease))}>Revoke</Button>}
      </Group>
    );
  };
  const columns: Column<Lease>[] = [...COLUMNS, { header: "Act", quiet: true, align: "number", cell: acts }];
  return (
    <>
      <Listing label="Credentials on demand" columns={columns} rowKey={(l) => l.id} {...props} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

const COLUMNS: Column<Lease>[] = [
  { header: "State", cell: (l) => <State lease={l} />, on: "wide" },
  { header: "Who", cell: (l) => <Who actor={l.holder} />, on: "wide" },
  { header: "For", cell: (l) => <><Account login={l.profile} target={l.service} /><div className="narrow-only"><Who actor={l.holder} /> <State lease={l} /></div></> },
  { header: "Name there", cell: (l) => <span className="mono">{l.name}</span>, on: "wide" },
  {
    header: "Ends",
    cell: (l) => (l.state === "live" ? <TermBar term={{ from: l.ordered_at, until: l.ends_at }} label={`Time left of ${l.name}`} /> : <When at={l.ended_at ?? l.ends_at} />),
  },
];

function State({ lease }: { lease: Lease }) {
  const [word, tone] = leaseState(lease.state);
  const because = causeOf(lease.cause);
  return (
    <>
      <StateBadge tone={tone} live={lease.state === "live"}>{word}</StateBadge>
      {because && <> <span className="dim">{because}</span></>}
    </>
  );
}

function Renew({ lease }: { lease: Lease }) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => renew(lease.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["leases"] }),
    onError: (error) => notifications.show({ message: lineOf(error), color: "brick" }),
  });
  return <Button size="compact-sm" variant="light" loading={run.isPending} aria-label={`Renew ${lease.name}`} onClick={() => run.mutate()}>Renew</Button>;
}

function revoking(lease: Lease): ReasonedAct {
  return {
    title: `Revoke ${lease.name} on ${lease.service}`,
    consequence: "It is removed from the service now, and watched until it was seen gone. Connections that use it end.",
    verb: "Revoke",
    tone: "bad",
    done: `Revoked ${lease.name} on ${lease.service}.`,
    act: (reason) => revoke(lease.id, reason),
  };
}
