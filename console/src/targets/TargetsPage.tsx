// The hosts that privileges are used on.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Target } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { targetsQuery } from "./queries";

export function TargetsPage() {
  const targets = useQuery(targetsQuery);
  return (
    <Page title="Targets" lead="Hosts that trust Tenure's certificates. Each is known by its pinned host key.">
      <Listing label="Targets" columns={COLUMNS} rows={targets.data?.items} error={targets.error} rowKey={(t) => t.name}
        empty={{ title: "No target is registered" }} />
    </Page>
  );
}

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
