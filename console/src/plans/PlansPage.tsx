// What is to be done on systems so that each holds what it should: held for a person, being carried out, or over.
import { Group, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Plan } from "../api/types";
import { healthQuery } from "../inventory/queries";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { When } from "../time/When";
import { CompareButton } from "./CompareButton";
import { PlanState } from "./PlanState";
import { plansPage } from "./queries";
import { effectLine } from "./words";

export function PlansPage() {
  const mayCompute = useMay("plans.confirm");
  const systems = useQuery({ ...healthQuery, enabled: useMay("inventory.read") });
  const [state, setState] = useState("");
  const [system, setSystem] = useState<string | null>(null);
  const list = usePages(["plans", "list", state, system], (after) => plansPage({ state: state || undefined, system: system ?? undefined }, after), { refetchInterval: 15_000 });
  return (
    <Page
      title="Plans"
      lead="What differs on a system from what people should hold there becomes a plan. The first of a system, and one that does more than a breaker lets it, waits until a person has read it."
      actions={mayCompute && system && <CompareButton system={system} />}
    >
      <Section
        title="Newest first"
        aside={
          <Group gap="xs">
            <Select size="xs" w={160} aria-label="System" placeholder="any system" clearable searchable data={systems.data?.items.map((each) => each.system) ?? []} value={system} onChange={setSystem} />
            <SegmentedControl aria-label="State" size="xs" value={state} onChange={setState}
              data={[{ label: "All", value: "" }, { label: "Held", value: "held" }, { label: "Being carried out", value: "released" }, { label: "Over", value: "settled" }]} />
          </Group>
        }
      >
        <Listing label="Plans" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(p) => p.id}
          empty={state === "held" ? { title: "No plan waits for a person" } : { title: "There is no plan", hint: "What people hold on the systems is what they should hold, as far as they were read." }} />
      </Section>
    </Page>
  );
}

const COLUMNS: Column<Plan>[] = [
  { header: "System", cell: (p) => <span className="mono">{p.system}</span> },
  { header: "Does", cell: (p) => <Link className="link" to="/plans/$id" params={{ id: p.id }}>{effectLine(p.counts)}</Link> },
  { header: "Computed", cell: (p) => <When at={p.computed_at} />, on: "wide" },
  { header: "State", cell: (p) => <PlanState state={p.state} /> },
];
