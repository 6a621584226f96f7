// Where people come from: each source, how it has been lately, and whose word counts.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Source } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { sourcesQuery } from "./queries";
import { SourceState } from "./SourceState";
import { kindName, settingsOf } from "./words";

export function SourcesPage() {
  const sources = useQuery({ ...sourcesQuery, refetchInterval: 30_000 });
  return (
    <Page
      title="Sources"
      lead={<>Where people come from. Of two sources that state the same attribute, the one with the lower precedence has the word. Declared with <code>tenure sources declare</code>.</>}
    >
      <Listing label="Sources" columns={COLUMNS} rows={sources.data?.items} error={sources.error} rowKey={(s) => s.name} empty={{ title: "No source is declared" }} />
    </Page>
  );
}

const COLUMNS: Column<Source>[] = [
  { header: "Source", cell: (s) => <><Link className="link mono" to="/sources/$name" params={{ name: s.name }}>{s.name}</Link><div className="dim wide-only" style={{ fontSize: 13.5 }}>{s.description}</div></> },
  { header: "Kind", cell: (s) => kindName(s.kind), on: "wide" },
  { header: "Last whole feed", cell: (s) => <When at={s.last_whole_at} /> },
  { header: "State", cell: (s) => <SourceState source={s} /> },
  { header: "Precedence", align: "number", cell: (s) => settingsOf(s.settings).precedence, on: "wide" },
  { header: "Owner", cell: (s) => <Who actor={s.owner} />, on: "wide" },
];
