// Credentials made on demand: which are live, which were, and what waits to be removed.
import { Button, Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Backlog } from "./Backlog";
import { LeasesTable } from "./LeasesTable";
import { backlogQuery, leasesPage, profilesQuery, revokeAll } from "./queries";
import { SweepButton } from "./SweepButton";
import { servicesOf } from "./words";

const STATES = [
  { value: "issuing", label: "being made" },
  { value: "live", label: "live" },
  { value: "ending", label: "being removed" },
  { value: "gone", label: "seen gone" },
];

export function LeasesPage() {
  const seesAll = useMay("leases.read");
  const mayRevoke = useMay("leases.revoke");
  const mayReadProfiles = useMay("systems.read");
  const [service, setService] = useState<string | null>(null);
  const [state, setState] = useState<string | null>("live");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const profiles = useQuery({ ...profilesQuery, enabled: mayReadProfiles });
  const backlog = useQuery({ ...backlogQuery, enabled: seesAll });
  const services = servicesOf(profiles.data?.items ?? [], backlog.data?.items ?? []);
  const list = usePages(
    ["leases", "list", service, state],
    (after) => leasesPage({ service: service ?? undefined, state: state ?? undefined }, after),
    { refetchInterval: 5_000 },
  );
  return (
    <Page title="Leases" lead="Credentials made on demand for one holder, under one grant. Each is removed when its time is over, and watched until it was seen gone.">
      {seesAll && <Backlog />}
      <Section
        title="Credentials on demand"
        aside={
          <Group gap="xs">
            {mayRevoke && service && <SweepButton service={service} size="xs" />}
            {mayRevoke && service && <Button size="xs" variant="light" color="brick" onClick={() => setAct(revokingAll(service))}>Revoke all on {service}</Button>}
            <Select size="xs" w={170} aria-label="Service" placeholder="any service" clearable searchable data={services} value={service} onChange={setService} />
            <Select size="xs" w={150} aria-label="State" placeholder="any state" clearable data={STATES} value={state} onChange={setState} />
          </Group>
        }
      >
        <LeasesTable rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
          empty={{
            title: state === "live" && !service ? "No credential is live" : "No credential fits",
            hint: <>They are made from a grant, see <Link className="link" to="/my-access">My access</Link>. Certificates and tokens are under <Link className="link" to="/issuers">Issuers</Link>.</>,
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
