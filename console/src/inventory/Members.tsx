// Every account that has an entitlement, and the way by which it has it.
import { Link } from "@tanstack/react-router";
import { usePages } from "../api/pages";
import type { EntitlementMember, ObservedEntitlement } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Who } from "../shell/Who";
import { membersPage } from "./queries";
import { pathLine } from "./words";

export function Members({ of }: { of: ObservedEntitlement }) {
  const list = usePages(["inventory", "members", of.id], (after) => membersPage(of.id, after));
  return <Listing label="Members" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(m) => m.id} empty={{ title: "Nobody has it" }} />;
}

const COLUMNS: Column<EntitlementMember>[] = [
  { header: "Account", cell: (m) => <Link className="link mono" to="/inventory/accounts/$id" params={{ id: m.id }}>{m.login}</Link> },
  { header: "Whose", cell: (m) => <Who actor={m.identity ?? m.owner} /> },
  { header: "Held", cell: (m) => <span className="dim">{pathLine(m.path)}</span> },
];
