// One session of a story in one line, and the way to see it.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Session } from "../api/types";
import { PlayIcon } from "../icons";
import { SessionState } from "../sessions/SessionState";
import { channelName } from "../shell/Channels";
import { useMay } from "../shell/me";
import { duration, millis } from "../time/format";

export function UseHead({ session }: { session: Session }) {
  const mayReplay = useMay("sessions.replay");
  const verb = !mayReplay ? "Session" : session.state === "live" ? "Watch" : "Replay";
  return (
    <header className="use-head">
      <h3>{session.command ? <span className="mono">{session.command}</span> : channelName(session.channel)}</h3>
      {session.ended_at && <span className="dim nowrap">{duration(millis(session.ended_at) - millis(session.started_at))}</span>}
      <SessionState session={session} />
      <Button component={Link} to={`/sessions/${session.id}`} className="no-print" size="compact-sm" variant="light"
        leftSection={<PlayIcon size={14} />} aria-label={`${verb}, started ${session.started_at}`}>
        {verb}
      </Button>
    </header>
  );
}
