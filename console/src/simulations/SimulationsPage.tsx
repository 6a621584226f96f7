// What other declarations would do to everybody, computed before they are made.
import { Button, SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Simulation } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { simulationsPage } from "./queries";
import { RunDrawer } from "./RunDrawer";
import { peopleLine, simulationState } from "./words";

export function SimulationsPage() {
  const mayRun = useMay("simulations.run");
  const [state, setState] = useState("");
  const [running, setRunning] = useState(false);
  const list = usePages(["simulations", "list", state], (after) => simulationsPage(state || undefined, after));
  return (
    <Page
      title="Simulations"
      lead="Before a role, a mapping or the order of sources is declared otherwise, it is computed for everybody who would gain and who would lose what. A plan of configuration carries one, too."
      actions={mayRun && <Button onClick={() => setRunning(true)}>Try declarations out</Button>}
    >
      <Section title="Newest first" aside={<SegmentedControl aria-label="State" size="xs" value={state} onChange={setState} data={[{ label: "All", value: "" }, { label: "Not declared", value: "computed" }, { label: "Declared", value: "applied" }]} />}>
        <Listing label="Simulations" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(s) => s.id}
          empty={{ title: "There is no simulation", hint: "Whoever plans configuration, or tries declarations out, makes one." }} />
      </Section>
      <RunDrawer opened={running} onClose={() => setRunning(false)} />
    </Page>
  );
}

const COLUMNS: Column<Simulation>[] = [
  { header: "Simulation", cell: (s) => <Link className="link mono nowrap" to="/simulations/$id" params={{ id: s.id }}>sim_…{s.id.slice(-8)}</Link> },
  { header: "Of", cell: (s) => s.changes.join(", ") },
  { header: "Something changes", cell: (s) => peopleLine(s), on: "wide" },
  { header: "Computed", cell: (s) => <><When at={s.computed_at} /> {s.computed_by && <>by <Who actor={s.computed_by} /></>}</>, on: "wide" },
  { header: "State", cell: (s) => <State state={s.state} /> },
];

function State({ state }: { state: string }) {
  const [word, tone] = simulationState(state);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
