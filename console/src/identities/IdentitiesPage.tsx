// Everybody whom a source of people knows.
import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Identity } from "../api/types";
import { SearchIcon } from "../icons";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { IdentityState } from "./IdentityState";
import { identitiesPage } from "./queries";
import { STATE_NAMES, stateName } from "./states";

export function IdentitiesPage() {
  const [text, setText] = useState("");
  const [state, setState] = useState<string | null>(null);
  const [q] = useDebouncedValue(text.trim(), 250);
  const list = usePages(["identities", q, state], (after) => identitiesPage({ q: q || undefined, state: state ?? undefined }, after));
  return (
    <Page title="Identities" lead="People come from their sources and are never changed by hand.">
      <div className="filters">
        <TextInput aria-label="Search" placeholder="name, mail, department, employee number" w={320} maw="100%" leftSection={<SearchIcon size={16} />}
          value={text} onChange={(e) => setText(e.currentTarget.value)} />
        <Select aria-label="State" placeholder="in any state" clearable w={180} data={STATE_NAMES.map((name) => ({ value: name, label: stateName(name)[0] }))} value={state} onChange={setState} />
      </div>
      <Listing label="Identities" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(i) => i.id}
        empty={q || state ? { title: q ? `Nobody matches “${q}”` : "Nobody is in this state" } : { title: "Nobody is known yet", hint: "Import a feed first." }} />
    </Page>
  );
}

const COLUMNS: Column<Identity>[] = [
  { header: "Name", cell: (i) => <Link className="link" to="/identities/$id" params={{ id: i.id }}>{i.name}</Link> },
  { header: "Job title", cell: (i) => i.job_title ?? <span className="dim">—</span>, on: "wide" },
  { header: "Department", cell: (i) => i.department ?? <span className="dim">—</span> },
  { header: "Manager", cell: (i) => i.manager?.name ?? <span className="dim">—</span>, on: "wide" },
  { header: "Number", cell: (i) => <span className="mono">{i.employee_id}</span>, on: "wide" },
  { header: "State", cell: (i) => <IdentityState state={i.state} /> },
];
