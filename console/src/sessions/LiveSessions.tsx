// Live sessions, each with what remains of its grant's time, a way to watch it and a way to end it.
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Session } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { useOwns } from "../shell/useOwns";
import { Who } from "../shell/Who";
import { duration, millis } from "../time/format";
import { useNow } from "../time/useNow";
import { kill } from "./queries";
import { SessionWork } from "./SessionsTable";

export function LiveSessions({ sessions }: { sessions: Session[] }) {
  const mayKill = useMayKill();
  const mayWatch = useMay("sessions.replay");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const columns: Column<Session>[] = [
    { header: "State", quiet: true, width: 70, on: "wide", cell: () => <StateBadge tone="good" live>live</StateBadge> },
    { header: "Who", cell: (s) => <Who actor={s.holder} /> },
    { header: "Login", cell: (s) => <Link className="link" to="/sessions/$id" params={{ id: s.id }}><Account login={s.login} target={s.target} /></Link> },
    { header: "Doing", cell: (s) => <SessionWork session={s} />, on: "wide" },
    { header: "From", cell: (s) => <span className="mono">{s.client}</span>, on: "wide" },
    { header: "For", cell: (s) => <Lasting since={s.started_at} /> },
    {
      header: "Act",
      quiet: true,
      align: "number",
      cell: (s) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {mayWatch && <Button component={Link} to={`/sessions/${s.id}`} size="compact-sm" variant="light">Watch</Button>}
          {mayKill(s) && <Button size="compact-sm" variant="light" color="brick" onClick={() => setAct(killing(s))}>Kill</Button>}
        </Group>
      ),
    },
  ];
  return (
    <>
      <Listing label="Live sessions" columns={columns} rows={sessions} rowKey={(s) => s.id} empty={{ title: "No session is live" }} />
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

/** One's own sessions, those on systems that one owns, and anybody's with the permission. */
export function useMayKill(): (session: Session) => boolean {
  const me = useMe();
  const any = useMay("sessions.kill");
  const owns = useOwns();
  return (session) => any || session.holder.id === me.identity.id || owns(session.target);
}

/** Ending a live session, as an act that asks for its reason. */
export function killing(session: Session): ReasonedAct {
  const what = `${session.holder.name}'s session on ${session.login}@${session.target}`;
  return {
    title: `Kill ${what}`,
    consequence: "The session and every process it left on the target end at once. The grant itself stays; withdraw it to stop new sessions.",
    verb: "Kill the session",
    tone: "bad",
    done: `Killed: ${what}.`,
    act: (reason) => kill(session.id, reason),
  };
}

function Lasting({ since }: { since: string }) {
  const now = useNow();
  return <span className="nowrap">{duration(now - millis(since))}</span>;
}
