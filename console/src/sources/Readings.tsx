// A source that Tenure reads itself: trying it out, reading it now, and what became of each reading.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lineOf } from "../api/problem";
import { usePages } from "../api/pages";
import type { SourceReading } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { count } from "../time/format";
import { When } from "../time/When";
import { read, readingsPage, tryOut } from "./queries";
import { readingState, triedLine } from "./words";

export function ReadActs({ name }: { name: string }) {
  const client = useQueryClient();
  const mayTry = useMay("sources.write");
  const mayRead = useMay("identities.import");
  const refused = (error: unknown) => notifications.show({ message: lineOf(error), color: "brick" });
  const trying = useMutation({
    mutationFn: () => tryOut(name),
    onSuccess: (tried) => notifications.show({ message: triedLine(tried), color: tried.missing.length > 0 ? "brick" : "pine" }),
    onError: refused,
  });
  const reading = useMutation({
    mutationFn: () => read(name),
    onSuccess: async () => {
      notifications.show({ message: `${name} is being read.`, color: "pine" });
      await client.invalidateQueries({ queryKey: ["sources"] });
    },
    onError: refused,
  });
  return (
    <>
      {mayTry && <Button variant="default" loading={trying.isPending} onClick={() => trying.mutate()}>Try it out</Button>}
      {mayRead && <Button loading={reading.isPending} onClick={() => reading.mutate()}>Read it now</Button>}
    </>
  );
}

export function ReadingsOf({ name }: { name: string }) {
  const list = usePages(["sources", name, "readings"], (after) => readingsPage(name, after), { refetchInterval: 5_000 });
  return (
    <Section title="Readings">
      <Listing label="Readings" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(r) => r.id} empty={{ title: "It was not read yet" }} />
    </Section>
  );
}

const COLUMNS: Column<SourceReading>[] = [
  { header: "Asked for", cell: (r) => <When at={r.asked_at} show="absolute" /> },
  { header: "Reads", cell: (r) => (r.whole ? "everything" : "what changed"), on: "wide" },
  { header: "Records", cell: (r) => count(r.records) },
  { header: "Import", cell: (r) => (r.import ? <Link className="link mono" to="/imports/$id" params={{ id: r.import }}>imp_…{r.import.slice(-8)}</Link> : <span className="dim">—</span>), on: "wide" },
  { header: "State", cell: (r) => <State reading={r} /> },
];

function State({ reading }: { reading: SourceReading }) {
  const [word, tone] = readingState(reading.state);
  return <><StateBadge tone={tone}>{word}</StateBadge>{reading.detail && <div className="dim" style={{ fontSize: 13.5 }}><Prose text={reading.detail} /></div>}</>;
}
