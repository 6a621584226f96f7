// Machine identities: who answers for each, what it is for, and until when it exists.
import { Button, Group, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Machine } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { MachineDrawer, type Act } from "./MachineForm";
import { MachineState } from "./MachineState";
import { machinesPage } from "./queries";
import { ENVIRONMENTS } from "./words";

const STATES = ["active", "unowned", "ended"];

export function MachinesPage() {
  const seesAll = useMay("machines.read");
  const [state, setState] = useState<string | null>(null);
  const [environment, setEnvironment] = useState<string | null>(null);
  const list = usePages(["machines", state, environment], (after) =>
    machinesPage({ state: state ?? undefined, environment: environment ?? undefined }, after),
  );
  const mayOwn = useMay("machines.own");
  const [act, setAct] = useState<Act | null>(null);
  const isFiltered = state !== null || environment !== null;
  return (
    <Page
      title="Machines"
      lead="A machine identity holds grants like a person, and a person answers for it. It ends by itself, and loses everything when nobody owns it."
      actions={mayOwn && <Button onClick={() => setAct({ act: "register" })}>Register a machine</Button>}
    >
      <Section
        title={seesAll ? "Machine identities" : "Those that you own"}
        aside={
          <Group gap="xs">
            <Select size="xs" w={150} aria-label="Environment" placeholder="any environment" clearable data={ENVIRONMENTS} value={environment} onChange={setEnvironment} />
            <Select size="xs" w={130} aria-label="State" placeholder="any state" clearable data={STATES} value={state} onChange={setState} />
          </Group>
        }
      >
        <Listing label="Machine identities" columns={COLUMNS} rows={list.items} error={list.error} rowKey={(m) => m.id} more={list.more} busy={list.isFetching}
          empty={isFiltered ? { title: "No machine identity fits" } : { title: "No machine identity is registered" }} />
      </Section>
      <MachineDrawer act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

const COLUMNS: Column<Machine>[] = [
  { header: "Name", cell: (m) => <Link className="link mono" to="/machines/$id" params={{ id: m.id }}>{m.name}</Link> },
  { header: "Purpose", cell: (m) => m.purpose, on: "wide" },
  { header: "Environment", cell: (m) => m.environment, on: "wide" },
  { header: "Owner", cell: (m) => <Owner machine={m} /> },
  { header: "Ends", cell: (m) => <When at={m.ended_at ?? m.deadline ?? m.ends_at} /> },
  { header: "State", cell: (m) => <MachineState machine={m} /> },
];

function Owner({ machine }: { machine: Machine }) {
  return <><Who actor={machine.owner} />{machine.state === "unowned" && <span className="dim"> until they left</span>}</>;
}
