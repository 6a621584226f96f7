// What somebody is, will be, and what people ordered about it; with the entries of the ledger.
import { useQuery } from "@tanstack/react-query";
import type { StateOrder, StatePhase } from "../api/types";
import { EntryLine } from "../ledger/EntryLine";
import { namesIn } from "../ledger/names";
import { Listing, type Column } from "../shell/Listing";
import { Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { useNow } from "../time/useNow";
import { IdentityState } from "./IdentityState";
import { timelineQuery } from "./queries";
import { orderName, orderState, phaseLine } from "./states";

export function StateOf({ id }: { id: string }) {
  const timeline = useQuery(timelineQuery(id));
  const { phases, orders, lines } = timeline.data ?? {};
  return (
    <>
      <Section title="State, and what is known to come">
        <Listing label="State" columns={PHASES} rows={phases} error={timeline.error} rowKey={(p) => p.from} empty={{ title: "Nothing is known" }} />
      </Section>
      {orders && orders.length > 0 && (
        <Section title="Ordered by a person">
          <Listing label="Orders" columns={ORDERS} rows={orders.toReversed()} rowKey={(o) => `${o.kind} ${o.ordered_at}`} empty={{ title: "Nobody ordered anything" }} />
        </Section>
      )}
      {lines && lines.length > 0 && (
        <Section title="Timeline">
          <div className="sheet">
            <ol className="entries full" reversed>{lines.toReversed().map((line) => <EntryLine key={line.seq} line={line} names={namesIn(lines)} time="full" />)}</ol>
          </div>
        </Section>
      )}
    </>
  );
}

const PHASES: Column<StatePhase>[] = [
  { header: "State", cell: (p) => <IdentityState state={p.state} /> },
  { header: "From", cell: (p) => <When at={p.from} show="both" /> },
  { header: "With it", cell: (p) => phaseLine(p) || <span className="dim">—</span>, on: "wide" },
];

const ORDERS: Column<StateOrder>[] = [
  { header: "Order", cell: (o) => orderName(o.kind) },
  { header: "From", cell: (o) => <When at={o.from} show="absolute" /> },
  { header: "Until", cell: (o) => (o.until ? <When at={o.until} show="absolute" /> : "lifted"), on: "wide" },
  { header: "By", cell: (o) => <Who actor={o.by} /> },
  { header: "Reason", cell: (o) => o.reason, on: "wide" },
  { header: "State", cell: (o) => <Order order={o} /> },
];

function Order({ order }: { order: StateOrder }) {
  const [word, tone] = orderState(order, useNow());
  return <><StateBadge tone={tone}>{word}</StateBadge>{order.lifted_by && <div className="dim" style={{ fontSize: 13.5 }}>by {order.lifted_by.name}</div>}</>;
}
