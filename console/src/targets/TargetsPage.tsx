// The hosts, databases and directories that privileges are used on.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Service, Target } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { servicesQuery, targetsQuery } from "./queries";

export function TargetsPage() {
  const targets = useQuery(targetsQuery);
  const mayReadServices = useMay("services.read");
  return (
    <Page title="Targets" lead="Where privileges are used: each host known by its pinned key, each service by its certificate.">
      <Section title="Hosts">
        <Listing label="Hosts" columns={COLUMNS} rows={targets.data?.items} error={targets.error} rowKey={(t) => t.name}
          empty={{ title: "No host is registered" }} />
      </Section>
      {mayReadServices && <Services />}
    </Page>
  );
}

function Services() {
  const services = useQuery(servicesQuery);
  return (
    <Section title="Databases and directories">
      <Listing label="Databases and directories" columns={SERVICES} rows={services.data?.items} error={services.error} rowKey={(s) => s.name}
        empty={{ title: "No database or directory is registered", hint: <>Declare them with <code>tenure services apply</code>.</> }} />
    </Section>
  );
}

const SERVICES: Column<Service>[] = [
  { header: "Service", cell: (s) => <span className="mono">{s.name}</span> },
  { header: "Kind", cell: (s) => s.kind },
  { header: "Purpose", cell: (s) => s.description, on: "wide" },
  { header: "Address", cell: (s) => <span className="mono">{s.address}</span> },
  { header: "Administered as", cell: (s) => <span className="mono">{s.admin_login}</span>, on: "wide" },
  {
    header: "Connection",
    on: "wide",
    cell: (s) => (s.tls === "required" ? <StateBadge tone="good">TLS</StateBadge> : <StateBadge tone="plain">this machine only</StateBadge>),
  },
];

const COLUMNS: Column<Target>[] = [
  { header: "Target", cell: (t) => <Link className="link mono" to="/targets/$name" params={{ name: t.name }}>{t.name}</Link> },
  { header: "Purpose", cell: (t) => t.description, on: "wide" },
  { header: "Address", cell: (t) => <span className="mono">{t.host}:{t.port}</span> },
  { header: "Host key", cell: (t) => <span className="mono">{t.fingerprint.slice(0, 22)}…</span>, on: "wide" },
  {
    header: "Revocation",
    on: "wide",
    cell: (t) => (t.reads_krl ? <StateBadge tone="good">reads the revocation list</StateBadge> : <StateBadge tone="plain">certificates die in 2 min</StateBadge>),
  },
];
