// What each source says of somebody, and which of them has the word for each attribute.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SourceRecord } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { recordsQuery } from "./queries";
import { said, type Said } from "./said";

export function RecordsOf({ id }: { id: string }) {
  const records = useQuery(recordsQuery(id));
  const rows = records.data && said(records.data.values, records.data.records);
  return (
    <>
      <Section title="What each source says">
        <Listing label="Attributes by source" columns={VALUES} rows={rows} error={records.error} rowKey={(s) => s.attribute} empty={{ title: "No source says anything" }} />
      </Section>
      <Section title="Records">
        <Listing label="Records" columns={RECORDS} rows={records.data?.records} error={records.error} rowKey={(r) => `${r.source} ${r.key}`} empty={{ title: "No source names this person" }} />
      </Section>
    </>
  );
}

const VALUES: Column<Said>[] = [
  { header: "Attribute", cell: (s) => s.attribute.replaceAll("_", " ") },
  { header: "Value", cell: (s) => s.value ?? <span className="dim">none</span> },
  { header: "Said by", cell: (s) => <SourceName name={s.source} /> },
  {
    header: "Others say",
    on: "wide",
    cell: (s) => (s.others.length === 0 ? <span className="dim">—</span> : s.others.map((other) => <div key={other.source}>{other.value ?? "none"} <span className="dim">({other.source})</span></div>)),
  },
];

const RECORDS: Column<SourceRecord>[] = [
  { header: "Source", cell: (r) => <SourceName name={r.source} /> },
  { header: "Called", cell: (r) => <span className="mono">{r.key}</span> },
  { header: "Says so since", cell: (r) => <When at={r.from} show="absolute" />, on: "wide" },
  { header: "State", cell: (r) => (r.gone_at ? <><StateBadge tone="plain">not named any more</StateBadge> <When at={r.gone_at} /></> : <StateBadge tone="good">named</StateBadge>) },
];

function SourceName({ name }: { name: string }) {
  const maySee = useMay("sources.read");
  return maySee ? <Link className="link mono" to="/sources/$name" params={{ name }}>{name}</Link> : <span className="mono">{name}</span>;
}
