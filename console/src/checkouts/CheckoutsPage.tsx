// Credentials in somebody's hand: open ones first, then those that were.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePages } from "../api/pages";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ActiveCheckouts } from "./ActiveCheckouts";
import { CheckoutsTable } from "./CheckoutsTable";
import { activeCheckoutsQuery, checkoutsPage } from "./queries";
import { ToConfirm } from "./ToConfirm";
import { openFirst } from "./words";

const WHOSE = [{ value: "all", label: "Everybody's" }, { value: "mine", label: "Mine" }];

export function CheckoutsPage() {
  const seesAll = useMay("checkouts.read");
  const mayUse = useMay("checkouts.use");
  const [whose, setWhose] = useState(seesAll ? "all" : "mine");
  const mine = whose === "mine";
  const active = useQuery(activeCheckoutsQuery(mine));
  const list = usePages(["checkouts", "list", mine], (after) => checkoutsPage({ mine }, after));
  const past = list.items?.filter((c) => c.closed_at);
  return (
    <Page
      title="Checkouts"
      lead="Whoever checks out a credential sees it, until it is due back. Check one out from a grant under My access."
      actions={seesAll && <SegmentedControl aria-label="Whose checkouts" size="xs" data={WHOSE} value={whose} onChange={setWhose} />}
    >
      {mayUse && <ToConfirm />}
      <Section title="Open and waiting">
        <ActiveCheckouts rows={active.data && openFirst(active.data.items)} error={active.error}
          empty={{ title: mine ? "You have nothing in hand" : "Nobody has a credential in hand" }} />
      </Section>
      <Section title="Past">
        <CheckoutsTable label="Past checkouts" rows={past} error={list.error} more={list.more} busy={list.isFetching} empty={{ title: "No checkout has closed yet" }} />
      </Section>
    </Page>
  );
}
