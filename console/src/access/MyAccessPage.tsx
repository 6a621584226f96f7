// What I hold now, what I may ask for, and what I asked for.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Eligibility } from "../api/types";
import { RequestsTable } from "../requests/RequestsTable";
import { Account } from "../shell/Account";
import { Channels } from "../shell/Channels";
import { Empty } from "../shell/Empty";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { minutes } from "../time/format";
import { useNow } from "../time/useNow";
import { remaining } from "../time/term";
import { HeldGrant } from "./HeldGrant";
import { myAccessQuery } from "./queries";
import { RequestDrawer } from "./RequestDrawer";

export function MyAccessPage() {
  const access = useQuery(myAccessQuery);
  const now = useNow();
  const [asking, setAsking] = useState<Eligibility | null>(null);
  const held = access.data?.grants.filter((g) => g.state === "standing" && remaining(g, now).phase !== "over");

  return (
    <Page title="My access" lead="What you hold ends by itself. Ask again when you need it again.">
      {access.error && !access.data && <ProblemLine error={access.error} />}
      <Section title="Standing now">
        {!held && !access.error && <div className="sheet sheet-pad"><Loading rows={3} /></div>}
        {held?.length === 0 && <Empty title="You hold no privilege right now">Request one below; the owner of the system decides.</Empty>}
        {held && held.length > 0 && (
          <div className="grid-2">{held.map((grant) => <HeldGrant key={grant.id} grant={grant} />)}</div>
        )}
      </Section>
      <Section title="You may ask for">
        <Listing
          label="Logins that you may request"
          columns={columns(setAsking)}
          rows={access.data?.eligibilities}
          rowKey={(e) => `${e.login}@${e.target}`}
          empty={{ title: "No role makes you eligible for a privileged login", hint: "If your work needs one, ask the owner of the system." }}
        />
      </Section>
      <Section title="My requests">
        <RequestsTable rows={access.data?.requests} label="My requests" mine empty={{ title: "You have not asked for anything yet" }} />
      </Section>
      <RequestDrawer eligibility={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}

const columns = (ask: (eligibility: Eligibility) => void): Column<Eligibility>[] => [
  { header: "Login", cell: (e) => <Account login={e.login} target={e.target} /> },
  { header: "Because", cell: (e) => <span className="dim"><Prose text={e.because} /></span>, on: "wide" },
  { header: "Channels", cell: (e) => <Channels channels={e.channels} />, on: "wide" },
  { header: "At most", cell: (e) => <span className="nowrap">{minutes(e.max_minutes)}</span> },
  {
    header: "Request",
    quiet: true,
    align: "number",
    cell: (e) => (
      <Button size="compact-sm" variant="light" onClick={() => ask(e)} aria-label={`Request ${e.login} on ${e.target}`}>
        Request
      </Button>
    ),
  },
];
