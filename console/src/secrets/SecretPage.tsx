// One secret: who answers for it, its versions, and its value for as long as somebody looks.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { myAccessQuery } from "../access/queries";
import type { SecretMetadata, SecretVersion } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
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
import { DescribeDrawer } from "./DescribeDrawer";
import { folderOf, lastPart, mayIn, placeOf } from "./names";
import { metadataQuery } from "./queries";
import { RemoveDialog } from "./RemoveDialog";
import { Reveal } from "./Reveal";
import { Trail } from "./Trail";
import { WrapDrawer } from "./WrapDrawer";
import { deleting, destroying, undeleting } from "./versions";
import { WriteDrawer } from "./WriteDrawer";

export function SecretPage({ name }: { name: string }) {
  const query = useQuery(metadataQuery(name));
  const secret = query.data;
  if (!secret) return <Page title={lastPart(name)}><Trail prefix={folderOf(name)} />{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return <Shown secret={secret} />;
}

type Open = "write" | "wrap" | "describe" | "remove";

function Shown({ secret }: { secret: SecretMetadata }) {
  const { name } = secret;
  const mayUse = useMay("secrets.use");
  const access = useQuery({ ...myAccessQuery, enabled: mayUse });
  const may = mayIn(name, access.data?.grants ?? []);
  const [open, setOpen] = useState<Open | null>(null);
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const close = () => setOpen(null);
  const version = chosen ?? secret.version;
  const isLive = secret.versions.some((each) => each.version === version && each.state === "live");
  return (
    <Page
      title={lastPart(name)}
      lead={secret.purpose}
      actions={
        <>
          {may.write && <Button variant="light" color="brick" onClick={() => setOpen("remove")}>Destroy the secret</Button>}
          {may.write && <Button variant="default" onClick={() => setOpen("describe")}>Edit</Button>}
          {may.read && isLive && <Button variant="default" onClick={() => setOpen("wrap")}>Wrap for delivery</Button>}
          {may.write && <Button onClick={() => setOpen("write")}>Write a new version</Button>}
        </>
      }
    >
      <Trail prefix={folderOf(name)} />
      <Section title={`Value of version ${version}`}>
        {!may.read && <NoGrant name={name} waits={mayUse && !access.data} />}
        {may.read && (isLive ? <Reveal key={version} name={name} version={version} /> : <p className="dim">This version was deleted or destroyed: it has no value to show.</p>)}
      </Section>
      <Section title="About it"><div className="sheet sheet-pad"><About secret={secret} /></div></Section>
      <Section title="Versions">
        <Listing label="Versions" columns={versionColumns({ name, may, shown: version, choose: setChosen, ask: setAct })} rows={secret.versions} rowKey={(v) => v.version} empty={{ title: "No version is kept" }} />
      </Section>
      <WriteDrawer target={open === "write" ? { name, follows: secret.version } : null} onClose={close} />
      <WrapDrawer target={open === "wrap" ? { name, version } : null} onClose={close} />
      <DescribeDrawer secret={open === "describe" ? secret : null} onClose={close} />
      <RemoveDialog name={open === "remove" ? name : null} onClose={close} />
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

function NoGrant({ name, waits }: { name: string; waits: boolean }) {
  const { login, target } = placeOf(name);
  if (waits) return <div className="sheet sheet-pad"><Loading rows={1} /></div>;
  return (
    <div className="sheet sheet-pad">
      <p className="dim">
        Hidden: you hold no grant to read in this folder. Whoever is eligible asks for <span className="mono">{login}@{target}</span> under <Link className="link" to="/my-access">My access</Link>.
      </p>
    </div>
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

interface OnVersions {
  name: string;
  may: { read: boolean; write: boolean };
  shown: number;
  choose: (version: number) => void;
  ask: (act: ConfirmedAct) => void;
}

const versionColumns = ({ name, may, shown, choose, ask }: OnVersions): Column<SecretVersion>[] => [
  { header: "Version", cell: (v) => <span className="mono">{v.version}</span> },
  { header: "State", cell: (v) => <StateBadge tone={TONES[v.state] ?? "plain"}>{v.state}</StateBadge> },
  { header: "Written", cell: (v) => <When at={v.created_at} show="absolute" />, on: "wide" },
  { header: "By", cell: (v) => <Who actor={v.created_by} />, on: "wide" },
  { header: "Deleted or destroyed", cell: (v) => <When at={v.destroyed_at ?? v.deleted_at} />, on: "wide" },
  {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (v) => (
      <Group gap={6} justify="flex-end">
        {may.read && v.state === "live" && (v.version === shown
          ? <span className="dim">chosen above</span>
          : <Button size="compact-sm" variant="subtle" aria-label={`Choose version ${v.version}`} onClick={() => choose(v.version)}>Choose</Button>)}
        {may.write && v.state === "live" && <Button size="compact-sm" variant="subtle" color="gray" aria-label={`Delete version ${v.version}`} onClick={() => ask(deleting(name, v.version))}>Delete</Button>}
        {may.write && v.state === "deleted" && <Button size="compact-sm" variant="subtle" aria-label={`Bring version ${v.version} back`} onClick={() => ask(undeleting(name, v.version))}>Bring back</Button>}
        {may.write && v.state !== "destroyed" && <Button size="compact-sm" variant="subtle" color="brick" aria-label={`Destroy version ${v.version}`} onClick={() => ask(destroying(name, v.version))}>Destroy</Button>}
      </Group>
    ),
  },
];
