// Accounts as they were read on systems, and whose they are.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ObservedAccount } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { linkState } from "./words";

interface AccountsTableProps {
  rows: ObservedAccount[] | undefined;
  /** Names the person, where the page does not. */
  of: "everybody" | "one person";
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function AccountsTable({ of, ...listing }: AccountsTableProps) {
  return <Listing {...listing} label="Accounts on systems" columns={of === "everybody" ? [ACCOUNT, HOLDER, ...REST] : [ACCOUNT, ...REST]} rowKey={(a) => a.id} />;
}

const ACCOUNT: Column<ObservedAccount> = {
  header: "Account",
  cell: (a) => <Link className="link" to="/inventory/accounts/$id" params={{ id: a.id }}><Account login={a.login} target={a.system} /></Link>,
};

const HOLDER: Column<ObservedAccount> = {
  header: "Whose",
  cell: (a) => (a.identity ? <Who actor={a.identity} /> : a.owner ? <><Who actor={a.owner} /> <span className="dim">answers for it</span></> : <span className="dim">—</span>),
};

const REST: Column<ObservedAccount>[] = [
  { header: "Power", cell: (a) => <Power account={a} />, on: "wide" },
  { header: "Last used", cell: (a) => <When at={a.last_used_at} />, on: "wide" },
  { header: "On the system", cell: (a) => <Status account={a} />, on: "wide" },
  { header: "State", cell: (a) => <LinkState state={a.state} /> },
];

function Power({ account: { privileged, power_by } }: { account: ObservedAccount }) {
  if (privileged.length === 0 && power_by.length === 0) return <span className="dim">—</span>;
  return <><StateBadge tone="warn">privileged</StateBadge>{power_by.length > 0 && <div className="dim" style={{ fontSize: 13.5 }}>{power_by.join(", ")}</div>}</>;
}

export function Status({ account }: { account: ObservedAccount }) {
  if (account.until) return <>gone <span className="dim"><When at={account.until} /></span></>;
  return account.status === "disabled" ? <span className="dim">disabled</span> : <>{account.status}</>;
}

export function LinkState({ state }: { state: string }) {
  const [word, tone] = linkState(state);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
