// What waits for me, what waits for others, and every request there was.
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import type { RequestState } from "../api/types";
import { Empty } from "../shell/Empty";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { count } from "../time/format";
import { PendingCard } from "./PendingCard";
import { pendingQuery, toDecideQuery } from "./queries";
import "./requests.css";
import { RequestsTable } from "./RequestsTable";

const STATES: RequestState[] = ["pending", "approved", "denied", "cancelled", "expired"];

export function RequestsPage() {
  const seesAll = useMay("requests.read");
  const pending = useQuery(pendingQuery);
  const toDecide = useQuery(toDecideQuery);
  const mine = toDecide.data?.items;
  const others = mine && pending.data?.items.filter((request) => !mine.some((each) => each.id === request.id));
  return (
    <Page title="Approvals" lead="Nobody decides on their own request. What you decide, and why, goes into the ledger.">
      <Section title={mine && mine.length > 0 ? `Waiting for you (${count(mine.length)})` : "Waiting for you"}>
        {toDecide.error && !mine && <ProblemLine error={toDecide.error} />}
        {!mine && !toDecide.error && <div className="sheet sheet-pad"><Loading /></div>}
        {mine?.length === 0 && <Empty title="Nothing waits for you" />}
        {mine && mine.length > 0 && <div className="pending-list">{mine.map((r) => <PendingCard key={r.id} request={r} />)}</div>}
      </Section>
      {others && others.length > 0 && (
        <Section title="Waiting for others">
          <div className="pending-list">{others.map((r) => <PendingCard key={r.id} request={r} />)}</div>
        </Section>
      )}
      {seesAll && <AllRequests />}
    </Page>
  );
}

function AllRequests() {
  const [state, setState] = useState<RequestState | null>(null);
  const list = usePages(["requests", "all", state], (after) =>
    take(api.GET("/api/v1/requests", { params: { query: { state: state ?? undefined, after, limit: 50 } } })),
  );
  return (
    <Section
      title="All requests"
      aside={
        <Select
          aria-label="State"
          placeholder="any state"
          clearable
          size="xs"
          w={150}
          data={STATES}
          value={state}
          onChange={(value) => setState(value as RequestState | null)}
        />
      }
    >
      <RequestsTable label="All requests" rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
        empty={{ title: state ? `No request is ${state}` : "There are no requests yet" }} />
    </Section>
  );
}
