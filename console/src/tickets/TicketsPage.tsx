// What people are asked to do by hand, on systems that nothing of Tenure's reaches.
import { SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Ticket } from "../api/types";
import { deedLine } from "../orders/words";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { useNow } from "../time/useNow";
import { When } from "../time/When";
import { ticketsPage } from "./queries";
import { ticketState } from "./words";

export function TicketsPage() {
  const [state, setState] = useState("open");
  const list = usePages(["tickets", "list", state], (after) => ticketsPage({ state: state || undefined }, after));
  return (
    <Page title="Tickets" lead="What is to be done by hand on systems that nothing of Tenure's reaches. What you say you did counts as seen there.">
      <div className="filters">
        <SegmentedControl aria-label="State" size="sm" value={state} onChange={setState}
          data={[{ label: "To be done", value: "open" }, { label: "Done", value: "done" }, { label: "Not wanted any more", value: "moot" }, { label: "All", value: "" }]} />
      </div>
      <Listing label="Tickets" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(t) => t.id}
        empty={state === "open" ? { title: "Nothing is to be done by hand" } : { title: "There is no such ticket" }} />
    </Page>
  );
}

const COLUMNS: Column<Ticket>[] = [
  { header: "To do", cell: (t) => <Link className="link" to="/tickets/$id" params={{ id: t.id }}>{sentence(deedLine(t))}</Link> },
  { header: "On", cell: (t) => <span className="mono">{t.system}</span> },
  { header: "For", cell: (t) => <Who actor={t.identity} />, on: "wide" },
  { header: "Opened", cell: (t) => <When at={t.opened_at} />, on: "wide" },
  { header: "State", cell: (t) => <TicketState ticket={t} /> },
];

function sentence(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}

export function TicketState({ ticket }: { ticket: Ticket }) {
  const [word, tone] = ticketState(ticket, useNow());
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
