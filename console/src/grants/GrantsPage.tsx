// Every grant: those that stand, with what remains of them, and those that ended.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import type { Grant } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { Who } from "../shell/Who";
import { minutes, millis } from "../time/format";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { GrantState } from "./GrantState";

export function GrantsPage() {
  const [which, setWhich] = useState("standing");
  const [target, setTarget] = useState("");
  const [wanted] = useDebouncedValue(target.trim(), 300);
  const list = usePages(
    ["grants", which, wanted],
    (after) =>
      take(
        api.GET("/api/v1/grants", {
          params: { query: { standing: which === "standing" ? true : undefined, target: wanted || undefined, after, limit: 50 } },
        }),
      ),
    { refetchInterval: 15_000 },
  );
  return (
    <Page title="Grants" lead="A grant is one privilege of one person for one term. Each has a story, from the HR record to its proven end.">
      <div className="filters">
        <SegmentedControl
          aria-label="Which grants"
          size="xs"
          value={which}
          onChange={setWhich}
          data={[{ label: "Standing", value: "standing" }, { label: "All", value: "all" }]}
        />
        <TextInput size="xs" aria-label="Target" placeholder="target, such as web-1" value={target} onChange={(e) => setTarget(e.currentTarget.value)} />
      </div>
      <Listing label="Grants" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(g) => g.id}
        empty={{ title: which === "standing" ? "No privilege stands right now" : "There are no grants yet" }} />
    </Page>
  );
}

const COLUMNS: Column<Grant>[] = [
  { header: "Login", cell: (g) => <Link className="link" to="/grants/$id" params={{ id: g.id }}><Account login={g.login} target={g.target} /></Link> },
  { header: "Holder", cell: (g) => <Who actor={g.holder} /> },
  { header: "Issued", cell: (g) => <When at={g.issued_at} />, on: "wide" },
  { header: "Term", cell: (g) => <span className="nowrap">{minutes(Math.round((millis(g.until) - millis(g.from)) / 60_000))}</span>, on: "wide" },
  {
    header: "Remaining",
    width: 220,
    cell: (g) => <TermBar term={{ from: g.from, until: g.until, endedAt: g.ended?.at }} label={`Time left on ${g.login}@${g.target}`} />,
  },
  { header: "State", cell: (g) => <GrantState grant={g} />, on: "wide" },
];
