// The imports that there were, of one source or of all.
import { Link } from "@tanstack/react-router";
import { usePages } from "../api/pages";
import type { Import } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { count, many } from "../time/format";
import { When } from "../time/When";
import { ImportState } from "./ImportState";
import "./imports.css";
import { importsPage } from "./queries";

export function RunsOf({ source }: { source?: string }) {
  const list = usePages(["imports", source], (after) => importsPage(source, after));
  const columns = source === undefined ? [RUN, OF, ...REST] : [RUN, ...REST];
  return (
    <Listing label="Runs" columns={columns} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(i) => i.id}
      empty={{ title: "Nothing was imported yet" }} />
  );
}

const RUN: Column<Import> = {
  header: "Received",
  cell: (i) => <Link className="link nowrap" to="/imports/$id" params={{ id: i.id }}><When at={i.received_at} show="absolute" /></Link>,
};
const OF: Column<Import> = { header: "Source", cell: (i) => <span className="mono">{i.source}</span>, on: "wide" };
const REST: Column<Import>[] = [
  { header: "Records", cell: (i) => count(i.records), on: "wide" },
  {
    header: "Changes",
    on: "wide",
    cell: (i) => (
      <span className="counts-line">
        {[many(i.counts.joiners, "joiner"), many(i.counts.movers, "mover"), many(i.counts.leavers, "leaver")].join(", ")}
        {i.counts.undecided > 0 && <span className="dim">, {count(i.counts.undecided)} to decide</span>}
      </span>
    ),
  },
  { header: "State", cell: (i) => <ImportState state={i.state} /> },
];
