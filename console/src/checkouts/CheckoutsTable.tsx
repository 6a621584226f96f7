// Checkouts that were, as a table.
import type { Checkout } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { CheckoutState, CredentialAfter } from "./CheckoutState";

interface CheckoutsTableProps {
  label: string;
  rows: Checkout[] | undefined;
  error?: unknown;
  empty: { title: string };
  more?: () => void;
  busy?: boolean;
}

export function CheckoutsTable(props: CheckoutsTableProps) {
  return <Listing columns={COLUMNS} rowKey={(c) => c.id} {...props} />;
}

const COLUMNS: Column<Checkout>[] = [
  { header: "Asked", cell: (c) => <When at={c.asked_at} /> },
  { header: "Who", cell: (c) => <Who actor={c.holder} />, on: "wide" },
  { header: "Account", cell: (c) => <><Account login={c.login} target={c.target} /><div className="narrow-only"><Who actor={c.holder} /></div></> },
  { header: "Reason", cell: (c) => c.reason, on: "wide" },
  { header: "Confirmed by", cell: (c) => <Who actor={c.confirmed_by} />, on: "wide" },
  { header: "State", cell: (c) => <CheckoutState checkout={c} /> },
  { header: "Closed", cell: (c) => <When at={c.closed_at} />, on: "wide" },
  { header: "Credential afterwards", cell: (c) => <CredentialAfter checkout={c} />, on: "wide" },
];
