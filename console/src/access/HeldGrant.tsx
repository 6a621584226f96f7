// One grant that stands: what remains of it, how to use it, and how to give it back.
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import type { Grant } from "../api/types";
import { Account } from "../shell/Account";
import { Channels } from "../shell/Channels";
import { Command } from "../shell/Copy";
import { useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { clock } from "../time/format";
import { TermBar } from "../time/TermBar";
import { GrantUses } from "./GrantUses";
import { sshCommand } from "./sshCommand";

/** Channels that the gateway carries. */
const SESSIONS: ReadonlySet<string> = new Set(["shell", "exec", "sftp", "port_forward"]);

export function HeldGrant({ grant }: { grant: Grant }) {
  const me = useMe();
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const opensSessions = grant.channels.some((channel) => SESSIONS.has(channel));
  const gateway = me.gateway ?? { host: location.hostname, port: 2222 };
  const giveBack: ReasonedAct = {
    title: `Give back ${grant.login}@${grant.target}`,
    consequence: "The grant ends now, and so does every live session on it.",
    verb: "Give back",
    tone: "bad",
    done: `${grant.login}@${grant.target} was given back.`,
    act: (reason) => take(api.POST("/api/v1/grants/{id}/withdraw", { params: { path: { id: grant.id } }, body: { reason } })),
  };
  return (
    <article className="sheet sheet-pad">
      <Group justify="space-between" gap="sm" mb={12} wrap="nowrap">
        <h3 style={{ fontSize: 17, fontWeight: 600 }}><Account login={grant.login} target={grant.target} /></h3>
        {grant.live_sessions > 0 && (
          <StateBadge tone="good" live>{`${grant.live_sessions} live`}</StateBadge>
        )}
      </Group>
      <TermBar term={{ from: grant.from, until: grant.until }} label={`Time left on ${grant.login}@${grant.target}`} />
      <p className="dim" style={{ margin: "8px 0 14px", fontSize: 13.5 }}>
        Until {clock(grant.until)}, for <Channels channels={grant.channels} />
        {!opensSessions ? "" : grant.max_sessions > 1 ? `, up to ${grant.max_sessions} sessions at a time` : ", one session at a time"}
      </p>
      {opensSessions && <Command text={sshCommand(grant, gateway)} what="the ssh command" />}
      <GrantUses grant={grant} />
      <Group gap="xs" mt={12} ml={-8} mb={-4}>
        <Button variant="subtle" size="compact-sm" component={Link} to={`/grants/${grant.id}`}>Story</Button>
        <Button variant="subtle" color="brick" size="compact-sm" onClick={() => setAct(giveBack)}>Give back</Button>
      </Group>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </article>
  );
}
