// Certificates and tokens that were issued, each with what may be done about it.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Issued } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { revoke } from "./queries";
import { causeOf, issuedState } from "./words";

interface IssuedTableProps {
  rows: Issued[] | undefined;
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function IssuedTable(props: IssuedTableProps) {
  const me = useMe();
  const mayRevoke = useMay("leases.revoke");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const columns: Column<Issued>[] = [
    ...COLUMNS,
    {
      header: "Act",
      quiet: true,
      align: "number",
      cell: (i) =>
        i.state === "live" && (mayRevoke || i.holder.id === me.identity.id) && (
          <Button size="compact-sm" variant="light" color="brick" aria-label={`Revoke what was issued to ${i.holder.name} for ${i.names.join(", ")}`} onClick={() => setAct(revoking(i))}>Revoke</Button>
        ),
    },
  ];
  return (
    <>
      <Listing label="Certificates and tokens" columns={columns} rowKey={(i) => i.id} {...props} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

const COLUMNS: Column<Issued>[] = [
  { header: "State", cell: (i) => <State issued={i} />, on: "wide" },
  { header: "Who", cell: (i) => <Who actor={i.holder} />, on: "wide" },
  { header: "For", cell: (i) => <Names issued={i} /> },
  { header: "Profile", cell: (i) => <Account login={i.profile} target={i.issuer} />, on: "wide" },
  { header: "Serial", cell: (i) => <span className="mono" title={i.serial}>{i.serial.slice(0, 12)}{i.serial.length > 12 ? "…" : ""}</span>, on: "wide" },
  {
    header: "Ends",
    cell: (i) => (i.state === "live" ? <TermBar term={{ from: i.issued_at, until: i.expires_at }} label={`Time left of ${i.names.join(", ")}`} /> : <When at={i.ended_at ?? i.expires_at} />),
  },
  { header: "Grant", quiet: true, cell: (i) => <Link className="link" to="/grants/$id" params={{ id: i.grant }}>Story</Link>, on: "wide" },
];

function Names({ issued }: { issued: Issued }) {
  return (
    <>
      {issued.names.map((name) => <div key={name} className="mono">{name}</div>)}
      <div className="narrow-only"><Who actor={issued.holder} /> <State issued={issued} /></div>
    </>
  );
}

function State({ issued }: { issued: Issued }) {
  const [word, tone] = issuedState(issued.state);
  const because = causeOf(issued.end_cause);
  return (
    <>
      <StateBadge tone={tone} live={issued.state === "live"}>{word}</StateBadge>
      {because && <> <span className="dim">{because}</span></>}
    </>
  );
}

function revoking(issued: Issued): ReasonedAct {
  const what = issued.form === "jwt" ? "token" : "certificate";
  return {
    title: `Revoke the ${what} for ${issued.names.join(", ")}`,
    consequence: issued.form === "jwt"
      ? "It is on the public list of revoked tokens from now on. Who verifies tokens without asking there takes it until it expires."
      : "It is on the public revocation list from now on, and watched until it was seen there. Who does not read the list takes it until it expires.",
    verb: "Revoke",
    tone: "bad",
    done: `Revoked the ${what} for ${issued.names.join(", ")}.`,
    act: (reason) => revoke(issued.id, reason),
  };
}
