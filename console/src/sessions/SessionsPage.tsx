// Sessions that are live now, and those that were.
import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import { Empty } from "../shell/Empty";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { LiveSessions } from "./LiveSessions";
import { liveSessionsQuery } from "./queries";
import { SessionsTable } from "./SessionsTable";
import { useMay } from "../shell/me";

export function SessionsPage() {
  const live = useQuery(liveSessionsQuery);
  const everybody = useMay("sessions.read");
  return (
    <Page title="Sessions" lead="Every use of a privilege is one session: one channel, one short-lived certificate, one recording.">
      <Section title={live.data && live.data.items.length > 0 ? `Live (${live.data.items.length})` : "Live"}>
        {live.error && !live.data && <ProblemLine error={live.error} />}
        {!live.data && !live.error && <div className="sheet sheet-pad"><Loading /></div>}
        {live.data?.items.length === 0 && <Empty title={everybody ? "No session is live" : "You have no live session"} />}
        {live.data && live.data.items.length > 0 && <LiveSessions sessions={live.data.items} />}
      </Section>
      <Past />
    </Page>
  );
}

function Past() {
  const [target, setTarget] = useState("");
  const [wanted] = useDebouncedValue(target.trim(), 300);
  const list = usePages(["sessions", "past", wanted], (after) =>
    take(api.GET("/api/v1/sessions", { params: { query: { live: false, target: wanted || undefined, after, limit: 50 } } })),
  );
  return (
    <Section
      title="Past"
      aside={
        <Group gap="xs">
          <TextInput size="xs" aria-label="Target" placeholder="target, such as web-1" value={target} onChange={(e) => setTarget(e.currentTarget.value)} />
          {target && <Button size="xs" variant="subtle" color="gray" onClick={() => setTarget("")}>Clear</Button>}
        </Group>
      }
    >
      <SessionsTable label="Past sessions" rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
        empty={{
          title: wanted ? `No session on ${wanted} has ended` : "No session has ended yet",
          hint: <>Sessions appear when somebody uses a grant, see <Link className="link" to="/my-access">My access</Link>.</>,
        }}
      />
    </Section>
  );
}
