// How things stand: figures, what is live, and whether every promise holds.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Overview } from "../api/types";
import { LiveSessions } from "../sessions/LiveSessions";
import { liveSessionsQuery } from "../sessions/queries";
import { Empty } from "../shell/Empty";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { count, duration } from "../time/format";
import { InvariantsSection } from "./InvariantsSection";
import "./overview.css";
import { overviewQuery } from "./queries";

export function OverviewPage() {
  const overview = useQuery(overviewQuery);
  const live = useQuery(liveSessionsQuery);
  const mayVerify = useMay("invariants.verify");
  const o = overview.data;
  return (
    <Page title="Overview">
      {overview.error && !o && <ProblemLine error={overview.error} />}
      {!o && !overview.error && <div className="sheet sheet-pad"><Loading /></div>}
      {o && (
        <div className="figures sheet">{figures(o).map((figure) => <FigureTile key={figure.name} {...figure} />)}</div>
      )}
      <Section title="Live sessions" aside={<Link className="link" to="/sessions">All sessions</Link>}>
        {live.error && !live.data && <ProblemLine error={live.error} />}
        {live.data?.items.length === 0 && <Empty title="No session is live" />}
        {live.data && live.data.items.length > 0 && <LiveSessions sessions={live.data.items} />}
      </Section>
      {mayVerify && <InvariantsSection />}
    </Page>
  );
}

interface Figure {
  name: string;
  value: string;
  hint: string;
  to: "#invariants" | "/sessions" | "/grants" | "/requests" | "/findings" | "/identities";
  tone?: "good" | "warn" | "bad";
}

/** What is `null` may not be seen by this person, and is left out. */
function figures(o: Overview): Figure[] {
  const broken = o.broken_invariants ?? null;
  const findings = o.open_findings ?? 0;
  const waiting = o.pending_requests_for_me;
  const all: (Figure | null)[] = [
    broken === null
      ? { to: "#invariants", name: "Invariants broken", value: "…", hint: "first check under way" }
      : { to: "#invariants", name: "Invariants broken", value: count(broken), tone: broken === 0 ? "good" : "bad", hint: broken === 0 ? "every promise holds" : "see below which" },
    figure("/sessions", "Live sessions", o.live_sessions, "all recorded"),
    figure("/grants", "Standing grants", o.standing_grants, "each ends by itself"),
    { to: "/requests", name: "Waiting for you", value: count(waiting), tone: waiting > 0 ? "warn" : undefined, hint: waiting === 0 ? "nothing to decide" : "to decide" },
    figure("/findings", "Open findings", o.open_findings, findings === 0 ? "nothing needs attention" : "need attention", findings > 0 ? "warn" : undefined),
    figure("/identities", "Active people", o.identities, "from their sources"),
    typeof o.identities === "number"
      ? { to: "/identities", name: "Last leaver", value: typeof o.last_leaver_seconds === "number" ? leaverTime(o.last_leaver_seconds) : "—", hint: typeof o.last_leaver_seconds === "number" ? "until the last privilege was gone" : "nobody with privileges left" }
      : null,
  ];
  return all.filter((each) => each !== null);
}

function figure(to: Figure["to"], name: string, value: number | null | undefined, hint: string, tone?: Figure["tone"]): Figure | null {
  return typeof value === "number" ? { to, name, value: count(value), hint, tone } : null;
}

function leaverTime(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds * 1000);
}

function FigureTile({ name, value, hint, to, tone }: Figure) {
  const body = (
    <>
      <span className="figure-name">{name}</span>
      <span className="figure-value">{value}</span>
      <span className="figure-hint">{hint}</span>
    </>
  );
  if (to === "#invariants") return <a className="figure" href={to} data-tone={tone}>{body}</a>;
  return <Link className="figure" to={to} data-tone={tone}>{body}</Link>;
}
