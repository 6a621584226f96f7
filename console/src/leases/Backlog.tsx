// What has ended at each service and was not seen gone there yet.
import { useQuery } from "@tanstack/react-query";
import type { ServiceBacklog } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { count } from "../time/format";
import { useNow } from "../time/useNow";
import { When } from "../time/When";
import { backlogQuery } from "./queries";
import { SweepButton } from "./SweepButton";
import { backlogState } from "./words";

export function Backlog() {
  const query = useQuery(backlogQuery);
  const maySweep = useMay("leases.revoke");
  return (
    <Section title="Waiting to be removed">
      <Listing label="Backlog of each service" columns={maySweep ? [...COLUMNS, SWEEP] : COLUMNS} rows={query.data?.items} error={query.error} rowKey={(b) => b.service}
        empty={{ title: "Nothing waits to be removed", hint: "Every credential that ended was seen gone at its service." }} />
    </Section>
  );
}

const COLUMNS: Column<ServiceBacklog>[] = [
  { header: "Service", cell: (b) => <span className="mono nowrap">{b.service}</span> },
  { header: "State", cell: (b) => <State backlog={b} /> },
  { header: "Credentials", cell: (b) => count(b.count) },
  { header: "Oldest ended", cell: (b) => <When at={b.oldest} /> },
  { header: "Last error", cell: (b) => (b.last_error ? <Prose text={b.last_error} /> : <span className="dim">none</span>), on: "wide" },
  { header: "Next try", cell: (b) => (b.next_try ? <When at={b.next_try} /> : "now"), on: "wide" },
];

const SWEEP: Column<ServiceBacklog> = { header: "Act", quiet: true, align: "number", cell: (b) => <SweepButton service={b.service} /> };

function State({ backlog }: { backlog: ServiceBacklog }) {
  const [word, tone] = backlogState(backlog, useNow());
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
