// One secret: who answers for it, its versions, and its value for as long as somebody looks.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SecretMetadata, SecretVersion } from "../api/types";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { StateBadge, type Tone } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { duration } from "../time/format";
import { When } from "../time/When";
import { folderOf, lastPart } from "./names";
import { metadataQuery } from "./queries";
import { Reveal } from "./Reveal";
import { Trail } from "./Trail";
import { WrapDrawer } from "./WrapDrawer";
import { WriteDrawer } from "./WriteDrawer";

export function SecretPage({ name }: { name: string }) {
  const query = useQuery(metadataQuery(name));
  const mayUse = useMay("secrets.use");
  const [writing, setWriting] = useState(false);
  const [wrapping, setWrapping] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const secret = query.data;
  if (!secret) return <Page title={lastPart(name)}><Trail prefix={folderOf(name)} />{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  const version = chosen ?? secret.version;
  const isLive = secret.versions.some((each) => each.version === version && each.state === "live");
  return (
    <Page
      title={lastPart(name)}
      lead={secret.purpose}
      actions={mayUse && (
        <>
          {isLive && <Button variant="default" onClick={() => setWrapping(true)}>Wrap for delivery</Button>}
          <Button onClick={() => setWriting(true)}>Write a new version</Button>
        </>
      )}
    >
      <Trail prefix={folderOf(name)} />
      {mayUse && (
        <Section title={`Value of version ${version}`}>
          {isLive ? <Reveal key={version} name={name} version={version} /> : <p className="dim">This version was deleted or destroyed: it has no value to show.</p>}
        </Section>
      )}
      <Section title="About it"><div className="sheet sheet-pad"><About secret={secret} /></div></Section>
      <Section title="Versions">
        <Listing label="Versions" columns={versionColumns(mayUse, version, setChosen)} rows={secret.versions} rowKey={(v) => v.version} empty={{ title: "No version is kept" }} />
      </Section>
      <WriteDrawer target={writing ? { name, follows: secret.version } : null} onClose={() => setWriting(false)} />
      <WrapDrawer target={wrapping ? { name, version } : null} onClose={() => setWrapping(false)} />
    </Page>
  );
}

function About({ secret }: { secret: SecretMetadata }) {
  return (
    <Facts
      pairs={[
        ["Name", <span className="mono">{secret.name}</span>],
        ["Owner", <Who actor={secret.owner} />],
        ["Current version", secret.version],
        ["Kept", `the newest ${secret.max_versions} versions`],
        ["Versions die", secret.delete_after_seconds ? `${duration(secret.delete_after_seconds * 1000)} after they were written` : "never by themselves"],
        ["Writes", secret.cas_required ? "must say which version they follow" : null],
        ...Object.entries(secret.custom).map(([key, value]): [string, React.ReactNode] => [key, value]),
        ["Created", <When at={secret.created_at} show="both" />],
        ["Written", <When at={secret.updated_at} show="both" />],
      ]}
    />
  );
}

const TONES: Record<string, Tone> = { live: "good", deleted: "warn", destroyed: "plain" };

const versionColumns = (mayUse: boolean, shown: number, choose: (version: number) => void): Column<SecretVersion>[] => [
  { header: "Version", cell: (v) => <span className="mono">{v.version}</span> },
  { header: "State", cell: (v) => <StateBadge tone={TONES[v.state] ?? "plain"}>{v.state}</StateBadge> },
  { header: "Written", cell: (v) => <When at={v.created_at} show="absolute" /> },
  { header: "By", cell: (v) => <Who actor={v.created_by} />, on: "wide" },
  { header: "Deleted or destroyed", cell: (v) => <When at={v.destroyed_at ?? v.deleted_at} />, on: "wide" },
  {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (v) =>
      mayUse && v.state === "live" && (v.version === shown
        ? <span className="dim">chosen above</span>
        : <Button size="compact-sm" variant="subtle" aria-label={`Choose version ${v.version}`} onClick={() => choose(v.version)}>Choose</Button>),
  },
];
