// Records of which nobody could be sure whose they are: those that wait for a person, and those that did.
import { SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { MatchCase } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { casesPage } from "./queries";
import { because, caseState } from "./words";

export function CasesPage() {
  const [state, setState] = useState("open");
  const [about, setAbout] = useState("record");
  const list = usePages(["cases", "list", about, state], (after) => casesPage(about, state || undefined, after));
  return (
    <Page title="Match cases" lead="A source named somebody who may be a person whom Tenure knows, or an account may be somebody's. Nothing is guessed: a person says whose it is, and is never asked again.">
      <div className="filters">
        <SegmentedControl aria-label="About" size="sm" value={about} onChange={setAbout} data={[{ label: "Records", value: "record" }, { label: "Accounts", value: "account" }]} />
        <SegmentedControl aria-label="State" size="sm" value={state} onChange={setState}
          data={[{ label: "Waiting", value: "open" }, { label: "Decided", value: "decided" }, { label: "Settled by itself", value: "moot" }, { label: "All", value: "" }]} />
      </div>
      <Listing label="Match cases" columns={[subject(about === "account" ? "Account" : "Record"), ...COLUMNS]} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(c) => c.id}
        empty={state === "open" ? { title: `No ${about} waits for a decision` } : { title: "No such case" }} />
    </Page>
  );
}

const subject = (header: string): Column<MatchCase> => ({ header, cell: (c) => <Link className="link mono" to="/cases/$id" params={{ id: c.id }}>{c.key}</Link> });

const COLUMNS: Column<MatchCase>[] = [
  { header: "Of", cell: (c) => <span className="mono">{c.source}</span>, on: "wide" },
  { header: "May be", cell: (c) => <MayBe of={c} /> },
  { header: "Because of", cell: (c) => <span className="dim">{because(c.candidates[0]?.because ?? []).for}</span>, on: "wide" },
  { header: "Opened", cell: (c) => <When at={c.opened_at} />, on: "wide" },
  { header: "State", cell: (c) => <CaseState state={c.state} /> },
];

function MayBe({ of: { candidates, state, identity } }: { of: MatchCase }) {
  if (state === "decided") return identity ? <>is <Who actor={identity} /></> : <>is somebody new</>;
  const [first, ...others] = candidates;
  return <><Who actor={first?.person} />{others.length > 0 && <span className="dim"> or {others.length} more</span>}</>;
}

export function CaseState({ state }: { state: string }) {
  const [word, tone] = caseState(state);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
