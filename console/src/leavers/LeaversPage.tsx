// People who leave: how far each is, how long their privilege outlived the news, and what they owned that nobody answers for.
import { Link } from "@tanstack/react-router";
import { usePages } from "../api/pages";
import type { Leaver } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page, Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { OwnershipsTable } from "./OwnershipsTable";
import { leaversPage, ownershipsPage } from "./queries";
import { leaverState, stepLine } from "./steps";
import { tookLine } from "./words";

export function LeaversPage() {
  const list = usePages(["leavers", "list"], leaversPage, { refetchInterval: 10_000 });
  const unowned = usePages(["ownerships", "list", "unowned"], (after) => ownershipsPage("unowned", after));
  return (
    <Page title="Leavers" lead="Whoever leaves loses privileged access first. A case is done when every privilege was seen gone, every account disabled, and nothing they owned is without an owner.">
      {unowned.items && unowned.items.length > 0 && (
        <Section title="Nobody answers for it">
          <OwnershipsTable of="everybody" rows={unowned.items} error={unowned.error} more={unowned.more} busy={unowned.isFetching} />
        </Section>
      )}
      <Section title="Newest first">
        <Listing label="Leavers" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(l) => l.id}
          empty={{ title: "Nobody has left yet" }} />
      </Section>
    </Page>
  );
}

const COLUMNS: Column<Leaver>[] = [
  { header: "Who", cell: (l) => <Link className="link" to="/leavers/$id" params={{ id: l.id }}>{l.identity.name}</Link> },
  { header: "News of it", cell: (l) => <When at={l.event_at} /> },
  { header: "Now", cell: (l) => <span className="dim">{stepLine(l.step)}</span>, on: "wide" },
  { header: "Last privilege gone after", cell: (l) => (typeof l.seconds.last_privilege_gone === "number" ? tookLine(l.seconds.last_privilege_gone * 1000) : <span className="dim">—</span>), on: "wide" },
  { header: "State", cell: (l) => <LeaverState step={l.step} /> },
];

export function LeaverState({ step }: { step: string }) {
  const [word, tone] = leaverState(step);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
