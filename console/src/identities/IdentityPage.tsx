// One person: what sources say and said, the state that follows, what that makes them eligible for, and what they hold and held.
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import type { Eligibility, Grant, IdentityDetail, Version } from "../api/types";
import { AssignmentsOf } from "../assignments/AssignmentsOf";
import { GrantState } from "../grants/GrantState";
import { AccountsOf } from "../inventory/AccountsOf";
import { stepLine } from "../leavers/steps";
import { Account } from "../shell/Account";
import { Command } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { Who } from "../shell/Who";
import { day, duration, minutes } from "../time/format";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { IdentityState } from "./IdentityState";
import { identityQuery } from "./queries";
import { RecordsOf } from "./RecordsOf";
import { StateActs } from "./StateActs";
import { StateOf } from "./StateOf";

export function IdentityPage() {
  const { id } = useParams({ from: "/frame/identities/$id" });
  const query = useQuery(identityQuery(id));
  const grants = usePages(["grants", "of", id], (after) =>
    take(api.GET("/api/v1/grants", { params: { query: { holder: id, after, limit: 25 } } })),
  );
  const person = query.data;
  if (!person) return <Page title="Identity">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={person.name} lead={<IdentityState state={person.state} />} actions={<StateActs person={person} />}>
      <div className="grid-2">
        <Section title="As their sources say today">
          <div className="sheet sheet-pad">
            <Facts
              pairs={[
                ["Job title", person.job_title],
                ["Department", person.department],
                ["Manager", person.manager && <Who actor={person.manager} />],
                ["Mail", person.email],
                ["Employee number", <span className="mono">{person.employee_id}</span>],
                ["Began", person.start_date && day(person.start_date)],
                ["Ends", person.end_date && day(person.end_date)],
                ["Days count in", person.time_zone],
                ["Identity", <span className="mono">{person.id}</span>],
              ]}
            />
          </div>
        </Section>
        <SetupLink person={person} />
      </div>
      {person.leaver && <Leaving leaver={person.leaver} />}
      <StateOf id={id} />
      <AssignmentsOf person={person} />
      <AccountsOf identity={id} />
      <Section title="Grants">
        <Listing label="Grants" columns={GRANTS} rows={grants.items} error={grants.error} more={grants.more} rowKey={(g) => g.id} empty={{ title: "Never held a privilege" }} />
      </Section>
      <Section title="Eligible for">
        <Listing label="Eligible for" columns={ELIGIBILITIES} rows={person.eligibilities} rowKey={(e) => `${e.login}@${e.target} ${e.role}`}
          empty={{ title: "No role applies to this person" }} />
      </Section>
      <RecordsOf id={id} />
      <Section title="History">
        <Listing label="History" columns={HISTORY} rows={person.history.toReversed()} rowKey={(h) => h.from} empty={{ title: "Nothing has changed" }} />
      </Section>
    </Page>
  );
}

const GRANTS: Column<Grant>[] = [
  { header: "Login", cell: (g) => <Link className="link" to="/grants/$id" params={{ id: g.id }}><Account login={g.login} target={g.target} /></Link> },
  { header: "Issued", cell: (g) => <When at={g.issued_at} show="absolute" /> },
  { header: "Remaining", width: 220, on: "wide", cell: (g) => <TermBar term={{ from: g.from, until: g.until, endedAt: g.ended?.at }} label={`Time left on ${g.login}@${g.target}`} /> },
  { header: "State", cell: (g) => <GrantState grant={g} /> },
];

const ELIGIBILITIES: Column<Eligibility>[] = [
  { header: "Login", cell: (e) => <Account login={e.login} target={e.target} /> },
  { header: "Role", cell: (e) => <span className="mono">{e.role}</span> },
  { header: "Because", cell: (e) => <span className="dim"><Prose text={e.because} /></span>, on: "wide" },
  { header: "At most", cell: (e) => <span className="nowrap">{minutes(e.max_minutes)}</span> },
];

const HISTORY: Column<Version>[] = [
  { header: "Known from", cell: (h) => <When at={h.from} show="absolute" /> },
  { header: "Until", cell: (h) => (h.until ? <When at={h.until} show="absolute" /> : "now") },
  { header: "Job title", cell: (h) => h.identity.job_title || "—" },
  { header: "Department", cell: (h) => h.identity.department || "—" },
  { header: "Manager", cell: (h) => <Who actor={h.identity.manager} />, on: "wide" },
  { header: "Said to be", cell: (h) => <IdentityState state={h.identity.status} />, on: "wide" },
];

function Leaving({ leaver }: { leaver: NonNullable<IdentityDetail["leaver"]> }) {
  const step = typeof leaver.step["step"] === "string" ? leaver.step["step"] : "";
  return (
    <Section title="Leaving">
      <div className="sheet sheet-pad">
        <Facts
          pairs={[
            ["News of it", <When at={leaver.event_at} show="both" />],
            ["Grants withdrawn at once", leaver.withdrawn],
            ["Now", stepLine(step)],
            ["Until the last privilege was gone", typeof leaver.took_seconds === "number" ? duration(leaver.took_seconds * 1000) : null],
          ]}
        />
      </div>
    </Section>
  );
}

function SetupLink({ person }: { person: IdentityDetail }) {
  const mayInvite = useMay("identities.invite");
  const make = useMutation({
    mutationFn: () => take(api.POST("/api/v1/identities/{id}/setup-link", { params: { path: { id: person.id } } })),
  });
  if (!mayInvite || person.state === "terminated" || person.state === "archived") return null;
  return (
    <Section title="Sign-in">
      <div className="sheet sheet-pad" style={{ display: "grid", gap: 12, justifyItems: "start" }}>
        <p className="dim">A one-time link lets {person.name} set a password and an authenticator app. It is shown once and lasts 72 hours.</p>
        {make.data ? <div style={{ width: "100%" }}><Command text={make.data.link} what="the link" /></div> : (
          <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>Make a set-up link</Button>
        )}
        <ProblemLine error={make.error} />
      </div>
    </Section>
  );
}
