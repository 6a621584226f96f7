// One simulation, to be read before it is applied: how much it does, and for each person what and because of what.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Simulation, SimulationEffect, SimulationLine } from "../api/types";
import "../imports/imports.css";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { count, many } from "../time/format";
import { When } from "../time/When";
import { apply, linesPage, simulationQuery } from "./queries";
import { actWord, peopleLine, simulationState, totals, valuesLine, whatLine } from "./words";

export function SimulationPage() {
  const { id } = useParams({ from: "/frame/simulations/$id" });
  const query = useQuery(simulationQuery(id));
  const one = query.data;
  if (!one) return <Page title="Simulation">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  const [word, tone] = simulationState(one.state);
  return (
    <Page title="Simulation" lead={<StateBadge tone={tone}>{word}</StateBadge>} actions={one.state === "computed" && <Apply one={one} />}>
      <Section title="What it would do">
        <div className="sheet sheet-pad" style={{ display: "grid", gap: 16 }}>
          <Totals one={one} />
          <Facts
            pairs={[
              ["Of", one.changes.join(", ")],
              ["Something changes", peopleLine(one)],
              ["Computed", <><When at={one.computed_at} show="both" /> {one.computed_by && <>by <Who actor={one.computed_by} /></>}</>],
              ["Declared", one.applied_at && <><When at={one.applied_at} show="both" /> {one.applied_by && <>by <Who actor={one.applied_by} /></>}</>],
            ]}
          />
          {one.unread.length > 0 && <Notice tone="warn">Nothing is said of accounts on {one.unread.join(", ")}: never read to the end.</Notice>}
        </div>
      </Section>
      <LinesOf one={one} />
    </Page>
  );
}

function Totals({ one }: { one: Simulation }) {
  const all = totals(one);
  if (all.length === 0) return <div>Nothing changes for anybody.</div>;
  return <dl className="counts">{all.map(({ what, n }) => <div key={what}><dd>{count(n)}</dd><dt>{what}</dt></div>)}</dl>;
}

function Apply({ one }: { one: Simulation }) {
  const mayApply = useMay("configuration.write");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  if (!mayApply) return null;
  const applying: ReasonedAct = {
    title: "Declare it",
    consequence: `${one.changes.join(", ")}: something changes ${peopleLine(one)}. If it would do anything else by now, it is refused. Your name stands under it.`,
    verb: "Declare it",
    tone: "bad",
    done: "It is declared.",
    act: (reason) => apply(one.id, reason),
  };
  return (
    <>
      <Button color="brick" onClick={() => setAct(applying)}>Declare it</Button>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function LinesOf({ one }: { one: Simulation }) {
  const list = usePages(["simulations", "one", one.id, "lines"], (after) => linesPage(one.id, after));
  return (
    <Section title={`Person by person (${many(one.people, "line")})`}>
      <Listing label="What changes for whom" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(l) => l.position} empty={{ title: "Nothing changes for anybody" }} />
    </Section>
  );
}

const COLUMNS: Column<SimulationLine>[] = [
  { header: "Who", cell: (l) => <Who actor={l.identity} /> },
  { header: "What", cell: (l) => l.effects.map((effect) => <One key={`${effect.act} ${effect.kind} ${effect.system} ${effect.name}`} effect={effect} />) },
];

function One({ effect }: { effect: SimulationEffect }) {
  const [word, tone] = actWord(effect.act);
  const values = valuesLine(effect);
  return (
    <div>
      <StateBadge tone={tone}>{word}</StateBadge> {whatLine(effect)}{values && <span className="mono">: {values}</span>}
      {effect.privileged && <> <StateBadge tone="warn">privileged</StateBadge></>}
      <span className="dim wide-only" style={{ fontSize: 13.5 }}> <Prose text={effect.because} /></span>
    </div>
  );
}
