// One issuer: what it is for, its keys, what may be asked of it, and what it issued.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Issuer, IssuerKey, IssuerProfile } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Copy } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { StateBadge } from "../shell/StateBadge";
import { minutes } from "../time/format";
import { When } from "../time/When";
import { IssuedTable } from "./IssuedTable";
import { IssuerState, Published } from "./IssuersPage";
import { issuedPage, issuerQuery, profilesQuery, rotateKey, withdraw } from "./queries";
import { issuerKind, product, rulesLine, termsOf } from "./words";

export function IssuerPage() {
  const { name } = useParams({ from: "/frame/issuers/$name" });
  const query = useQuery(issuerQuery(name));
  const profiles = useQuery(profilesQuery(name));
  const issued = usePages(["issued", "of", name], (after) => issuedPage({ issuer: name }, after), { refetchInterval: 15_000 });
  const mayChange = useMay("profiles.write");
  const issuer = query.data;
  if (!issuer) return <Page title={name}>{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={issuer.name} lead={`An issuer: ${issuerKind(issuer.kind)}.`} actions={mayChange && !issuer.withdrawn_at && <Acts issuer={issuer} />}>
      <Section title="About it"><div className="sheet sheet-pad"><About issuer={issuer} /></div></Section>
      <Section title="What may be asked of it">
        <Listing label="Profiles" columns={PROFILES} rows={profiles.data?.items} error={profiles.error} rowKey={(p) => p.name}
          empty={{ title: "Nothing may be asked of it", hint: issuer.kind === "x509_root" ? "A root certifies the authorities below it." : undefined }} />
      </Section>
      <Section title="Keys">
        <Listing label="Keys" columns={KEYS} rows={[...issuer.keys].reverse()} rowKey={(k) => k.id} empty={{ title: "It has no key" }} />
      </Section>
      <Section title="Issued">
        <IssuedTable rows={issued.items} error={issued.error} more={issued.more} busy={issued.isFetching} empty={{ title: "It has issued nothing that you may see" }} />
      </Section>
    </Page>
  );
}

function About({ issuer }: { issuer: Issuer }) {
  return (
    <Facts
      pairs={[
        ["State", <IssuerState issuer={issuer} />],
        ...termsOf(issuer.terms),
        ["Made", <When at={issuer.created_at} show="both" />],
        ["Withdrawn", issuer.withdrawn_at && <When at={issuer.withdrawn_at} show="both" />],
        ["Published", <Published issuer={issuer} />],
      ]}
    />
  );
}

const PROFILES: Column<IssuerProfile>[] = [
  { header: "Profile", cell: (p) => <span className="mono">{p.name}</span> },
  { header: "Allows", cell: (p) => <span style={{ overflowWrap: "anywhere" }}>{rulesLine(p.rules)}</span> },
  { header: "At most", cell: (p) => <span className="nowrap">{minutes(p.max_minutes)}</span> },
];

const KEYS: Column<IssuerKey>[] = [
  { header: "Key", cell: (k) => <span className="mono">{k.id}</span>, on: "wide" },
  { header: "State", cell: (k) => (k.retired_at ? <StateBadge tone="plain">retired</StateBadge> : <StateBadge tone="good">signs</StateBadge>) },
  { header: "Public part", cell: (k) => <PublicPart issuerKey={k} /> },
  { header: "Made", cell: (k) => <When at={k.created_at} />, on: "wide" },
  { header: "Published until", cell: (k) => <When at={k.published_until} />, on: "wide" },
];

function PublicPart({ issuerKey: { certificate, public_key } }: { issuerKey: IssuerKey }) {
  const [what, text] = certificate ? ["certificate", certificate] : ["public key", public_key];
  return <span style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>{what}<Copy text={text} what={`the ${what}`} /></span>;
}

function Acts({ issuer }: { issuer: Issuer }) {
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  return (
    <>
      {issuer.kind === "jwt" && <Button variant="default" onClick={() => setAct(renewing(issuer))}>New key</Button>}
      <Button color="brick" variant="light" onClick={() => setAct(withdrawing(issuer))}>Withdraw</Button>
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function renewing({ name }: Issuer): ConfirmedAct {
  return {
    title: `Give ${name} a new key`,
    consequence: "Tokens are signed with the new key from now on. The old key is published until what it signed has expired.",
    verb: "Make the key",
    tone: "good",
    done: `${name} signs with a new key.`,
    act: () => rotateKey(name, "expires"),
  };
}

function withdrawing({ name, kind }: Issuer): ConfirmedAct {
  return {
    title: `Withdraw ${name}`,
    consequence: kind === "x509_root"
      ? "It certifies nothing any more, and this cannot be taken back. The authorities below it go on until they are withdrawn themselves."
      : `It issues no ${product(kind)} any more, and this cannot be taken back.`,
    verb: "Withdraw it for good",
    tone: "bad",
    done: `${name} issues nothing any more.`,
    act: () => withdraw(name),
  };
}
