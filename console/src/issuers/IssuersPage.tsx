// Issuers of certificates and tokens, and what they issued.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Issuer } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { IssuedTable } from "./IssuedTable";
import { issuedPage, issuersQuery } from "./queries";
import { issuerKind, published } from "./words";

const LIVE = [{ value: "live", label: "live" }, { value: "over", label: "ended" }];

export function IssuersPage() {
  const seesAll = useMay("leases.read");
  const issuers = useQuery(issuersQuery);
  const [live, setLive] = useState<string | null>(null);
  const list = usePages(["issued", live], (after) => issuedPage({ live: live === null ? undefined : live === "live" }, after), { refetchInterval: 15_000 });
  return (
    <Page title="Issuers" lead="Authorities whose keys never leave the seal. What they issue hangs on a grant and ends with it, on lists that anybody may read.">
      <Section title="Authorities and signers">
        <Listing label="Issuers" columns={COLUMNS} rows={issuers.data?.items} error={issuers.error} rowKey={(i) => i.id}
          empty={{ title: "There is no issuer", hint: <>Make one with <code>tenure issuers create</code>.</> }} />
      </Section>
      <Section
        title={seesAll ? "Issued" : "Issued to you"}
        aside={<Select size="xs" w={150} aria-label="State" placeholder="any state" clearable data={LIVE} value={live} onChange={setLive} />}
      >
        <IssuedTable rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
          empty={{ title: live ? "Nothing fits" : "Nothing was issued yet", hint: <>A certificate or token is issued from a grant, see <Link className="link" to="/my-access">My access</Link>.</> }} />
      </Section>
    </Page>
  );
}

const COLUMNS: Column<Issuer>[] = [
  { header: "Issuer", cell: (i) => <Link className="link mono" to="/issuers/$name" params={{ name: i.name }}>{i.name}</Link> },
  { header: "Kind", cell: (i) => issuerKind(i.kind) },
  { header: "State", cell: (i) => <IssuerState issuer={i} /> },
  { header: "Made", cell: (i) => <When at={i.created_at} />, on: "wide" },
  { header: "Published", cell: (i) => <Published issuer={i} />, on: "wide" },
];

export function IssuerState({ issuer }: { issuer: Issuer }) {
  if (issuer.withdrawn_at) return <StateBadge tone="plain">withdrawn</StateBadge>;
  const lacksCertificate = issuer.kind === "x509_intermediate" && !issuer.keys.some((key) => key.certificate);
  return lacksCertificate ? <StateBadge tone="warn">waits for its certificate</StateBadge> : <StateBadge tone="good">issues</StateBadge>;
}

export function Published({ issuer }: { issuer: Issuer }) {
  return (
    <span style={{ display: "inline-flex", flexWrap: "wrap", gap: "2px 14px" }}>
      {published(issuer).map(({ label, path }) => <a key={path} className="link" href={path} target="_blank" rel="noreferrer">{label}</a>)}
    </span>
  );
}
