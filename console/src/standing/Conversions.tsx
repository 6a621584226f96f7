// Conversions of standing privileges: how far each is, and a way back.
import { Button, SegmentedControl } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Conversion } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { conversionsPage, undo } from "./queries";
import { conversionState, mayBeUndone, whyLine } from "./words";

export function Conversions() {
  const me = useMe();
  const mayUndo = useMay("entitlements.write");
  const [state, setState] = useState("");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const list = usePages(["conversions", "list", state], (after) => conversionsPage({ state: state || undefined }, after), { refetchInterval: 5_000 });
  const columns = mayUndo ? [...COLUMNS, back(me.identity.id, setAct)] : COLUMNS;
  return (
    <>
      <div className="filters">
        <SegmentedControl aria-label="State" size="sm" value={state} onChange={setState}
          data={[{ label: "All", value: "" }, { label: "Under way", value: "removing" }, { label: "On request", value: "done" }, { label: "Given back", value: "restoring" }, { label: "Undone", value: "undone" }]} />
      </div>
      <Listing label="Conversions" columns={columns} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(one) => one.id} empty={{ title: "There is no such conversion" }} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

export function State({ conversion }: { conversion: Conversion }) {
  const [word, tone] = conversionState(conversion.state);
  const why = whyLine(conversion.why);
  return <><StateBadge tone={tone}>{word}</StateBadge>{why && <div className="dim" style={{ fontSize: 13.5 }}>{why}</div>}</>;
}

const COLUMNS: Column<Conversion>[] = [
  { header: "What", cell: (one) => <Link className="link" to="/standing/conversions/$id" params={{ id: one.id }}><Account login={one.slug} target={one.system} /></Link> },
  { header: "Whose", cell: (one) => <Who actor={one.identity} /> },
  { header: "Asked for by", cell: (one) => <span className="mono">{one.role}</span>, on: "wide" },
  { header: "Begun", cell: (one) => <><When at={one.began_at} /> <Who actor={one.began_by} /></>, on: "wide" },
  { header: "State", cell: (one) => <State conversion={one} /> },
];

/** Nobody gives a privilege back to themselves. */
function back(me: string, open: (act: ReasonedAct) => void): Column<Conversion> {
  return {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (one) => mayBeUndone(one.state) && one.identity.id !== me && (
      <Button size="compact-sm" variant="light" color="brick" aria-label={`Undo ${one.slug} of ${one.identity.name}`} onClick={() => open(undoing(one))}>Undo</Button>
    ),
  };
}

export function undoing(one: Conversion): ReasonedAct {
  return {
    title: `${one.slug} on ${one.system}, of ${one.identity.name}`,
    consequence: "It is given back, and stands as before; they need not ask for it any more.",
    verb: "Undo",
    tone: "bad",
    done: "It is given back.",
    act: (reason) => undo(one.id, reason),
  };
}
