// How much a plan may do before a person looks at it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Breaker } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page } from "../shell/Page";
import { When } from "../time/When";
import { BreakerDrawer } from "./BreakerDrawer";
import { breakersQuery } from "./queries";
import { limitLine, measureName, windowLine } from "./words";

export function BreakersPage() {
  const mayWrite = useMay("systems.write");
  const breakers = useQuery(breakersQuery);
  const [changing, setChanging] = useState<Breaker | null>(null);
  const columns = mayWrite ? [...COLUMNS, change(setChanging)] : COLUMNS;
  return (
    <Page title="Breakers" lead="How much one plan may do on a system, and all of them within a while, before a person has read it. To let one plan through, confirm the plan: the breaker stays as it is.">
      <Listing label="Breakers" columns={columns} rows={breakers.data?.items} error={breakers.error} rowKey={(b) => b.name} empty={{ title: "There is no breaker" }} />
      <BreakerDrawer breaker={changing} onClose={() => setChanging(null)} />
    </Page>
  );
}

const COLUMNS: Column<Breaker>[] = [
  { header: "Breaker", cell: (b) => <span className="mono">{b.name}</span> },
  { header: "Counts", cell: (b) => measureName(b.counts), on: "wide" },
  { header: "One plan may do", cell: (b) => limitLine(b.per_run) },
  { header: "All plans together", cell: (b) => windowLine(b.window), on: "wide" },
  { header: "Declared", cell: (b) => (b.declared_at ? <When at={b.declared_at} /> : <span className="dim">holds by default</span>), on: "wide" },
];

function change(open: (breaker: Breaker) => void): Column<Breaker> {
  return {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (b) => <Button size="compact-sm" variant="subtle" aria-label={`Change the breaker ${b.name}`} onClick={() => open(b)}>Change</Button>,
  };
}
