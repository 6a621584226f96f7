// Everybody whom the HR feed knows.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import type { Identity } from "../api/types";
import { SearchIcon } from "../icons";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { IdentityStatus } from "./IdentityStatus";

export function IdentitiesPage() {
  const [text, setText] = useState("");
  const [status, setStatus] = useState("");
  const [q] = useDebouncedValue(text.trim(), 250);
  const list = usePages(["identities", q, status], (after) =>
    take(api.GET("/api/v1/identities", { params: { query: { q: q || undefined, status: status || undefined, after, limit: 50 } } })),
  );
  return (
    <Page title="Identities" lead="People come from the HR feed and are never changed by hand.">
      <div className="filters">
        <TextInput aria-label="Search" placeholder="name, mail, department, employee number" w={320} maw="100%" leftSection={<SearchIcon size={16} />}
          value={text} onChange={(e) => setText(e.currentTarget.value)} />
        <SegmentedControl aria-label="Status" size="sm" value={status} onChange={setStatus}
          data={[{ label: "Everybody", value: "" }, { label: "Active", value: "active" }, { label: "On leave", value: "leave" }, { label: "Left", value: "terminated" }]} />
      </div>
      <Listing label="Identities" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(i) => i.id}
        empty={{ title: q ? `Nobody matches “${q}”` : "Nobody is known yet", hint: q ? undefined : "Import an HR feed first." }} />
    </Page>
  );
}

const COLUMNS: Column<Identity>[] = [
  { header: "Name", cell: (i) => <Link className="link" to="/identities/$id" params={{ id: i.id }}>{i.name}</Link> },
  { header: "Job title", cell: (i) => i.job_title ?? <span className="dim">—</span>, on: "wide" },
  { header: "Department", cell: (i) => i.department ?? <span className="dim">—</span> },
  { header: "Manager", cell: (i) => i.manager?.name ?? <span className="dim">—</span>, on: "wide" },
  { header: "Number", cell: (i) => <span className="mono">{i.employee_id}</span>, on: "wide" },
  { header: "Status", cell: (i) => <IdentityStatus status={i.status} /> },
];
