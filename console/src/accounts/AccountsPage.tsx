// Accounts whose credentials Tenure keeps and changes.
import { Group, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { ManagedAccount } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { Page, Section } from "../shell/Page";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { AccountState, Verified } from "./AccountState";
import { accountsPage } from "./queries";
import { kindName } from "./words";

const STATES = [
  { value: "settled", label: "settled" },
  { value: "changing", label: "being changed" },
  { value: "unknown", label: "unknown" },
];

export function AccountsPage() {
  const [target, setTarget] = useState("");
  const [state, setState] = useState<string | null>(null);
  const [wanted] = useDebouncedValue(target.trim(), 300);
  const list = usePages(
    ["accounts", "list", wanted, state],
    (after) => accountsPage({ target: wanted || undefined, state: state ?? undefined }, after),
    { refetchInterval: 15_000 },
  );
  const isFiltered = wanted !== "" || state !== null;
  return (
    <Page title="Accounts" lead="Tenure keeps the credential of each, changes it, and checks that it logs in. Nobody needs to know it.">
      <Section
        title="Under management"
        aside={
          <Group gap="xs">
            <TextInput size="xs" aria-label="Target" placeholder="target, such as web-1" value={target} onChange={(e) => setTarget(e.currentTarget.value)} />
            <Select size="xs" w={150} aria-label="State" placeholder="any state" clearable data={STATES} value={state} onChange={setState} />
          </Group>
        }
      >
        <Listing label="Accounts under management" columns={COLUMNS} rows={list.items} error={list.error} rowKey={(a) => a.id} more={list.more} busy={list.isFetching}
          empty={isFiltered
            ? { title: "No account fits" }
            : { title: "No account is under management", hint: <>Put some under management with <code>tenure accounts import</code>.</> }} />
      </Section>
    </Page>
  );
}

const COLUMNS: Column<ManagedAccount>[] = [
  { header: "Account", cell: (a) => <Link className="link" to="/accounts/$id" params={{ id: a.id }}><Account login={a.login} target={a.target} /></Link> },
  { header: "Kind", cell: (a) => <>{kindName(a.kind)} <span className="dim">{kindName(a.credential)}</span></>, on: "wide" },
  { header: "State", cell: (a) => <AccountState account={a} /> },
  { header: "Changed", cell: (a) => <When at={a.changed_at} /> },
  { header: "Last verified", cell: (a) => <Verified account={a} />, on: "wide" },
  { header: "Next rotation", cell: (a) => <When at={a.rotate_at} />, on: "wide" },
  { header: "Owner", cell: (a) => <Who actor={a.owner} />, on: "wide" },
];
