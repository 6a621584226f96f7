// What there is on systems: how well each is known, and every account with whose it is.
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { SystemHealth } from "../api/types";
import { SearchIcon } from "../icons";
import { Listing, type Column } from "../shell/Listing";
import { Page, Section } from "../shell/Page";
import { Who } from "../shell/Who";
import { count } from "../time/format";
import { When } from "../time/When";
import { AccountsTable } from "./AccountsTable";
import { accountsPage, healthQuery } from "./queries";
import { SystemState } from "./SystemState";
import { linkState, LINK_STATES, systemKind } from "./words";

export function InventoryPage() {
  const systems = useQuery(healthQuery);
  return (
    <Page title="Inventory" lead="What was read on the systems: every account and what it has. Whose an account is follows from rules that are certain; where they are not, a person says so.">
      <Section title="Systems">
        <Listing label="Systems" columns={SYSTEMS} rows={systems.data?.items} error={systems.error} rowKey={(s) => s.system} empty={{ title: "No system can be read", hint: "Register a target or a service first." }} />
      </Section>
      <Accounts systems={systems.data?.items.map((each) => each.system) ?? []} />
    </Page>
  );
}

function Accounts({ systems }: { systems: string[] }) {
  const { system, state } = useSearch({ from: "/frame/inventory" });
  const navigate = useNavigate({ from: "/inventory" });
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 250);
  const [privileged, setPrivileged] = useState(false);
  const filter = { system, state, q: q || undefined, privileged: privileged || undefined };
  const list = usePages(["inventory", "accounts", filter], (after) => accountsPage(filter, after));
  const narrow = (change: { system?: string; state?: string }) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  const isFiltered = Boolean(system ?? state ?? filter.q ?? filter.privileged);
  return (
    <Section title="Accounts">
      <div className="filters">
        <TextInput aria-label="Search" placeholder="login or name" w={240} maw="100%" leftSection={<SearchIcon size={16} />} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Select aria-label="System" placeholder="on any system" clearable searchable w={180} data={systems} value={system ?? null} onChange={(value) => narrow({ system: value ?? undefined })} />
        <Select aria-label="State" placeholder="in any state" clearable w={220} data={LINK_STATES.map((value) => ({ value, label: linkState(value)[0] }))} value={state ?? null} onChange={(value) => narrow({ state: value ?? undefined })} />
        <Checkbox label="only with power" checked={privileged} onChange={(event) => setPrivileged(event.currentTarget.checked)} style={{ alignSelf: "center" }} />
      </div>
      <AccountsTable of="everybody" rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
        empty={isFiltered ? { title: "No account fits", hint: list.more ? "There may be more further on." : undefined } : { title: "No account was read yet", hint: "Have a system read first." }} />
    </Section>
  );
}

const SYSTEMS: Column<SystemHealth>[] = [
  { header: "System", cell: (s) => <Link className="link mono" to="/inventory/systems/$name" params={{ name: s.system }}>{s.system}</Link> },
  { header: "Kind", cell: (s) => systemKind(s.kind), on: "wide" },
  { header: "Accounts", cell: (s) => count(s.accounts), align: "number" },
  { header: "Entitlements", cell: (s) => count(s.entitlements), align: "number", on: "wide" },
  { header: "Last whole reading", cell: (s) => <When at={s.whole_at} />, on: "wide" },
  { header: "Owner", cell: (s) => <Who actor={s.owner} />, on: "wide" },
  { header: "State", cell: (s) => <SystemState health={s} /> },
];
