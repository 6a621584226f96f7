// What became of the orders of a plan.
import { Select } from "@mantine/core";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Plan, SystemOrder } from "../api/types";
import { deedLine, orderState, ORDER_STATES } from "../orders/words";
import { Listing, type Column } from "../shell/Listing";
import { Section } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { ordersPage } from "./queries";

export function OrdersOf({ plan }: { plan: Plan }) {
  const [state, setState] = useState<string | null>(null);
  const list = usePages(["orders", plan.id, plan.state, state], (after) => ordersPage(plan.id, state ?? undefined, after), { refetchInterval: plan.state === "released" ? 5_000 : undefined });
  return (
    <Section
      title="Orders"
      aside={<Select size="xs" w={200} aria-label="State of the orders" placeholder="in any state" clearable data={ORDER_STATES.map((value) => ({ value, label: orderState(value)[0] }))} value={state} onChange={setState} />}
    >
      <Listing label="Orders" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(o) => o.id}
        empty={state ? { title: "No order is in this state" } : { title: "Nothing was ordered" }} />
    </Section>
  );
}

const COLUMNS: Column<SystemOrder>[] = [
  { header: "Order", cell: (o) => deedLine({ ...o, entitlement: o.entitlement_name }) },
  { header: "Of", cell: (o) => <Who actor={o.identity} />, on: "wide" },
  { header: "Ordered", cell: (o) => <When at={o.ordered_at} />, on: "wide" },
  { header: "Tries", cell: (o) => o.attempts, align: "number", on: "wide" },
  { header: "State", cell: (o) => <State order={o} /> },
];

function State({ order }: { order: SystemOrder }) {
  const [word, tone] = orderState(order.state);
  return <><StateBadge tone={tone}>{word}</StateBadge>{order.trouble && <div className="dim" style={{ fontSize: 13.5 }}><Prose text={order.trouble} /></div>}</>;
}
