// One session: what can be seen of it, and every fact about it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Session } from "../api/types";
import { Account } from "../shell/Account";
import { Digest } from "../shell/Copy";
import { channelName } from "../shell/Channels";
import { Empty } from "../shell/Empty";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { bytes, duration, millis } from "../time/format";
import { When } from "../time/When";
import { killing, useMayKill } from "./LiveSessions";
import { recordingQuery, sessionQuery } from "./queries";
import { SessionState } from "./SessionState";
import { Terminal } from "./Terminal";

export function SessionPage() {
  const { id } = useParams({ from: "/frame/sessions/$id" });
  const query = useQuery(sessionQuery(id));
  const mayKill = useMayKill();
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const session = query.data;
  if (!session) return <Page title="Session">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page
      title={`${session.holder.name} as ${session.login} on ${session.target}`}
      lead={<SessionState session={session} />}
      actions={
        <>
          <Button variant="default" component={Link} to={`/grants/${session.grant}`}>Story of its grant</Button>
          {session.state === "live" && mayKill(session) && <Button color="brick" onClick={() => setAct(killing(session))}>Kill</Button>}
        </>
      }
    >
      <Section
        title={session.state === "live" ? "Watching live" : "Replay"}
        aside={session.state === "live" && <span className="dim">from now on; the whole of it can be replayed once it has ended</span>}
      >
        <Screen session={session} />
      </Section>
      {session.end_line && <Section title="Last line the user saw"><blockquote className="quote"><Prose text={session.end_line} /></blockquote></Section>}
      <div className="grid-2">
        <Section title="Session"><div className="sheet sheet-pad"><SessionFacts session={session} /></div></Section>
        <Section title="Credential"><div className="sheet sheet-pad"><CredentialFacts session={session} /></div></Section>
      </div>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

function Screen({ session }: { session: Session }) {
  const mayWatch = useMay("sessions.replay");
  const ended = session.state === "ended";
  const recording = useQuery({ ...recordingQuery(session.id), enabled: mayWatch && ended && Boolean(session.recording) });
  const label = `Terminal of ${session.holder.name} as ${session.login} on ${session.target}`;
  if (!mayWatch) return <Empty title="Recordings are for auditors">Ask somebody with the permission sessions.replay.</Empty>;
  if (!ended) return <Terminal source={{ live: `/api/v1/sessions/${encodeURIComponent(session.id)}/live` }} label={label} />;
  if (!session.recording) return <Empty title="Nothing was recorded">The session ended before its first byte.</Empty>;
  if (recording.error) return <ProblemLine error={recording.error} />;
  if (recording.data === undefined) return <div className="sheet sheet-pad"><Loading /></div>;
  return <Terminal source={{ recording: recording.data }} label={label} />;
}

function SessionFacts({ session }: { session: Session }) {
  return (
    <Facts
      pairs={[
        ["Who", <Who actor={session.holder} />],
        ["Login", <Account login={session.login} target={session.target} />],
        ["Channel", channelName(session.channel)],
        ["Command", session.command && <span className="mono">{session.command}</span>],
        ["From", <span className="mono">{session.client}</span>],
        ["Started", <When at={session.started_at} show="both" />],
        ["Ended", session.ended_at && <When at={session.ended_at} show="both" />],
        ["Lasted", session.ended_at && duration(millis(session.ended_at) - millis(session.started_at))],
        ["Exit status", session.exit_status],
        ["Bytes", session.state === "ended" ? `${bytes(session.bytes_in)} in, ${bytes(session.bytes_out)} out` : null],
        ["Processes left", session.leftover_processes],
        ["Session", <span className="mono">{session.id}</span>],
      ]}
    />
  );
}

function CredentialFacts({ session }: { session: Session }) {
  const { credential, recording } = session;
  if (!credential) return <p className="dim">No certificate was made: the session never reached its target.</p>;
  return (
    <Facts
      pairs={[
        ["Kind", "SSH certificate made for this session alone"],
        ["Serial", <span className="mono">{String(credential.serial)}</span>],
        ["Dies by itself", <When at={credential.expires_at} show="both" />],
        ["Ended", credential.ended_at ? <When at={credential.ended_at} show="both" /> : "in use"],
        [
          "Observed gone",
          credential.observed_gone_at ? (
            <><When at={credential.observed_gone_at} show="both" />: offered again, and the target refused it</>
          ) : credential.ended_at ? "not yet; Tenure keeps trying it" : null,
        ],
        ["Recording", recording && recording.sealed ? `${bytes(recording.bytes)}, sealed` : "being written"],
        ["Damage", recording?.damage && recording.damage.replaceAll("_", " ")],
        ["Recording SHA-256", recording?.sha256 && <Digest text={recording.sha256} />],
      ]}
    />
  );
}
