// People who moved and lost roles: what they keep for a while, and what ended at once.
import { SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Mover } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { useNow } from "../time/useNow";
import { When } from "../time/When";
import { moversPage } from "./queries";
import { moverState } from "./words";

export function MoversPage() {
  const [which, setWhich] = useState("open");
  const list = usePages(["movers", "list", which], (after) => moversPage(which === "open", after));
  return (
    <Page title="Movers" lead="Whoever moves loses the power of the old place at once. What else the old roles granted they keep for a while, so that work can be handed on.">
      <div className="filters">
        <SegmentedControl aria-label="Which" size="sm" value={which} onChange={setWhich} data={[{ label: "Something is kept", value: "open" }, { label: "All", value: "all" }]} />
      </div>
      <Listing label="Movers" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(m) => m.id}
        empty={which === "open" ? { title: "Nobody keeps anything of an old place" } : { title: "Nobody has moved and lost a role yet" }} />
    </Page>
  );
}

const COLUMNS: Column<Mover>[] = [
  { header: "Who", cell: (m) => <Link className="link" to="/movers/$id" params={{ id: m.id }}>{m.identity.name}</Link> },
  { header: "Moved", cell: (m) => <When at={m.begun_at} /> },
  { header: "Lost", cell: (m) => <span className="mono">{m.lost.join(", ") || "—"}</span>, on: "wide" },
  { header: "Gained", cell: (m) => <span className="mono">{m.gained.join(", ") || "—"}</span>, on: "wide" },
  { header: "Keeps until", cell: (m) => (m.kept.length > 0 && !m.settled_at ? <When at={m.grace_until} /> : <span className="dim">—</span>), on: "wide" },
  { header: "State", cell: (m) => <MoverState mover={m} /> },
];

export function MoverState({ mover }: { mover: Mover }) {
  const [word, tone] = moverState(mover, useNow());
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
