// Sessions that ended, as a table.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { duration, millis } from "../time/format";
import { When } from "../time/When";
import { SessionState } from "./SessionState";

interface SessionsTableProps {
  label: string;
  rows: Session[] | undefined;
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function SessionsTable(props: SessionsTableProps) {
  return <Listing columns={COLUMNS} rowKey={(s) => s.id} {...props} />;
}

const COLUMNS: Column<Session>[] = [
  { header: "Started", cell: (s) => <Link className="link" to="/sessions/$id" params={{ id: s.id }}><When at={s.started_at} show="absolute" /></Link> },
  { header: "Who", cell: (s) => <Who actor={s.holder} /> },
  { header: "Login", cell: (s) => <Account login={s.login} target={s.target} /> },
  { header: "Did", cell: (s) => <SessionWork session={s} />, on: "wide" },
  { header: "Lasted", cell: (s) => <span className="nowrap">{s.ended_at ? duration(millis(s.ended_at) - millis(s.started_at)) : "—"}</span>, on: "wide" },
  { header: "End", cell: (s) => <SessionState session={s} /> },
  { header: "Credential", cell: (s) => <CredentialState session={s} />, on: "wide" },
];

/** The command, or the name of the channel where there is none. */
export function SessionWork({ session }: { session: Session }) {
  if (session.command) return <span className="mono clamp-1" title={session.command}>{session.command}</span>;
  return <span className="dim">{session.channel === "sftp" ? "file transfer" : session.channel}</span>;
}

function CredentialState({ session }: { session: Session }) {
  if (!session.credential) return <span className="dim">never made</span>;
  if (session.credential.observed_gone_at) return <StateBadge tone="good">observed gone</StateBadge>;
  return session.credential.ended_at ? <StateBadge tone="warn">ended, not yet seen gone</StateBadge> : <StateBadge tone="plain">in use</StateBadge>;
}
