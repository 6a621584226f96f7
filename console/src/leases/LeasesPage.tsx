// Credentials made on demand: which are live, which were, and what waits to be removed.
import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Backlog } from "./Backlog";
import { LeasesTable } from "./LeasesTable";
import { leasesPage, revokeAll } from "./queries";

const STATES = [
  { value: "issuing", label: "being made" },
  { value: "live", label: "live" },
  { value: "ending", label: "being removed" },
  { value: "gone", label: "seen gone" },
];

export function LeasesPage() {
  const seesAll = useMay("leases.read");
  const mayRevoke = useMay("leases.revoke");
  const [service, setService] = useState("");
  const [state, setState] = useState<string | null>("live");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const [wanted] = useDebouncedValue(service.trim(), 300);
  const list = usePages(
    ["leases", "list", wanted, state],
    (after) => leasesPage({ service: wanted || undefined, state: state ?? undefined }, after),
    { refetchInterval: 5_000 },
  );
  return (
    <Page title="Leases" lead="Credentials made on demand for one holder, under one grant. Each is removed when its time is over, and watched until it was seen gone.">
      {seesAll && <Backlog />}
      <Section
        title="Credentials on demand"
        aside={
          <Group gap="xs">
            {mayRevoke && wanted && <Button size="xs" variant="light" color="brick" onClick={() => setAct(revokingAll(wanted))}>Revoke all on {wanted}</Button>}
            <TextInput size="xs" aria-label="Service" placeholder="service, such as shop-db" value={service} onChange={(e) => setService(e.currentTarget.value)} />
            <Select size="xs" w={150} aria-label="State" placeholder="any state" clearable data={STATES} value={state} onChange={setState} />
          </Group>
        }
      >
        <LeasesTable rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
          empty={{
            title: state === "live" && !wanted ? "No credential is live" : "No credential fits",
            hint: <>They are made from a grant, see <Link className="link" to="/my-access">My access</Link>.</>,
          }}
        />
      </Section>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

function revokingAll(service: string): ReasonedAct {
  return {
    title: `Revoke every live credential on ${service}`,
    consequence: `Everybody who works on ${service} with a credential on demand loses it now, whoever they are. Their grants stay; they may make another one.`,
    verb: "Revoke all",
    tone: "bad",
    done: `Every live credential on ${service} is being removed.`,
    act: (reason) => revokeAll(service, reason),
  };
}
