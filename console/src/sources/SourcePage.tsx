// One source of people: how it has been, what was refused and why, how its feeds are taken, and its runs.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentence } from "../api/problem";
import type { Source } from "../api/types";
import { RunsOf } from "../imports/RunsOf";
import { Command } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { NotFound } from "../shell/Refused";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { isRead, scimClientQuery, sourcesQuery } from "./queries";
import { ReadActs, ReadingsOf } from "./Readings";
import { SourceState } from "./SourceState";
import { authorityLine, clientName, kindName, refusalLine, saysLine, settingsOf, staleLine, type Settings } from "./words";

export function SourcePage() {
  const { name } = useParams({ from: "/frame/sources/$name" });
  const mayImport = useMay("identities.import");
  const mayReadRuns = useMay("identities.read");
  const sources = useQuery({ ...sourcesQuery, refetchInterval: 15_000 });
  if (!sources.data) return <Page title="Source">{sources.error ? <ProblemLine error={sources.error} /> : <Loading />}</Page>;
  const source = sources.data.items.find((each) => each.name === name);
  if (!source) return <NotFound />;
  const takesFiles = source.kind === "csv" && mayImport;
  return (
    <Page
      title={source.name}
      lead={source.description}
      actions={takesFiles ? <Button component={Link} to={`/imports?source=${encodeURIComponent(name)}`} variant="default">Import a feed</Button> : isRead(source) && <ReadActs name={name} />}
    >
      {source.refused && <Refusal refused={source.refused} />}
      <div className="grid-2">
        <Section title="Lately"><div className="sheet sheet-pad"><Lately source={source} /></div></Section>
        <Section title="How its feeds are taken"><div className="sheet sheet-pad"><Taken settings={settingsOf(source.settings)} /></div></Section>
      </div>
      {source.kind === "scim" && <Pushed name={name} />}
      <Own settings={settingsOf(source.settings)} />
      {isRead(source) && <ReadingsOf name={name} />}
      {mayReadRuns && <Section title="Runs"><RunsOf source={name} /></Section>}
    </Page>
  );
}

function Refusal({ refused }: { refused: NonNullable<Source["refused"]> }) {
  return (
    <Section title="Last feed refused" aside={<span className="dim"><When at={refused.at} show="both" /></span>}>
      <Notice tone="bad">
        <div><b>{refusalLine(refused.code)}</b> Nothing of it was taken.</div>
        <p><Prose text={sentence(refused.detail)} /></p>
      </Notice>
    </Section>
  );
}

function Lately({ source }: { source: Source }) {
  return (
    <Facts
      pairs={[
        ["State", <SourceState source={source} />],
        ["Last whole feed", source.last_whole_at ? <When at={source.last_whole_at} show="both" /> : "none yet"],
        ["True as of", source.last_as_of && <When at={source.last_as_of} show="both" />],
        ["Kind", kindName(source.kind)],
        ["Owner", source.owner ? <Who actor={source.owner} /> : "nobody declared it"],
      ]}
    />
  );
}

function Taken({ settings }: { settings: Settings }) {
  return (
    <Facts
      pairs={[
        ["A feed says", saysLine(settings)],
        ["The source", authorityLine(settings)],
        ["Precedence", `${settings.precedence}; the lowest goes first`],
        ["Looks cut off", `when more than ${settings.maxMissingPercent} % of its people are missing`],
        ["The same bytes are stale", staleLine(settings)],
      ]}
    />
  );
}

function Pushed({ name }: { name: string }) {
  const client = useQuery({ ...scimClientQuery(name), retry: false });
  return (
    <Section title="Pushed by SCIM">
      {client.error && <ProblemLine error={client.error} />}
      {client.data && (
        <div className="sheet sheet-pad" style={{ display: "grid", gap: 12 }}>
          <Command text={client.data.url} what="the address" />
          <Facts
            pairs={[
              ["Client", clientName(client.data.client)],
              ["Pushed by", client.data.pushed_by ? <span className="mono">{client.data.pushed_by}</span> : "administrators only"],
            ]}
          />
        </div>
      )}
    </Section>
  );
}

/** Attributes of its own, and those for which it ranks otherwise. */
function Own({ settings }: { settings: Settings }) {
  const ranks = new Map(settings.precedenceOf);
  const own = settings.attributes.map(({ name, kind }) => ({ name, kind, precedence: ranks.get(name) }));
  const others = settings.precedenceOf.filter(([name]) => !own.some((each) => each.name === name)).map(([name, precedence]) => ({ name, kind: "", precedence }));
  const rows = [...own, ...others];
  if (rows.length === 0) return null;
  return (
    <Section title="Attributes">
      <Listing label="Attributes" columns={attributeColumns(settings)} rows={rows} rowKey={(a) => a.name} empty={{ title: "No attribute of its own" }} />
    </Section>
  );
}

const attributeColumns = (settings: Settings): Column<{ name: string; kind: string; precedence: number | undefined }>[] => [
  { header: "Attribute", cell: (a) => <span className="mono">{a.name}</span> },
  { header: "Kind", cell: (a) => a.kind || <span className="dim">everybody has it</span> },
  { header: "Precedence", cell: (a) => a.precedence ?? <span className="dim">{settings.precedence}</span> },
];
