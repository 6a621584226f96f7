// Whether a session is live, and if not, how it ended.
import type { Session } from "../api/types";
import { StateBadge, type Tone } from "../shell/StateBadge";

const ENDS: Record<string, [string, Tone]> = {
  client_closed: ["closed by the user", "plain"],
  target_closed: ["closed by the target", "plain"],
  expired: ["term over", "plain"],
  withdrawn: ["withdrawn", "warn"],
  leaver: ["holder left", "warn"],
  owner_gone: ["owner left", "warn"],
  machine_ended: ["machine ended", "warn"],
  killed: ["killed", "bad"],
  recording_failed: ["recording failed", "bad"],
  recording_full: ["recording full", "bad"],
  target_unreachable: ["target unreachable", "bad"],
  target_refused: ["refused by the target", "bad"],
  host_key_changed: ["host key changed", "bad"],
  node_stopped: ["server stopped", "plain"],
  node_crashed: ["server crashed", "bad"],
  task_failed: ["server failed", "bad"],
  proof_revoked: ["key removed", "bad"],
  lost_contact: ["lost contact", "bad"],
};

/** An end reason as people say it, and whether it is unusual. */
export function endOf(reason: string | null | undefined): [string, Tone] {
  if (!reason) return ["ended", "plain"];
  return ENDS[reason] ?? [reason.replaceAll("_", " "), "plain"];
}

export function SessionState({ session }: { session: Session }) {
  if (session.state === "live") return <StateBadge tone="good" live>live</StateBadge>;
  const [text, tone] = endOf(session.end_reason);
  return <StateBadge tone={tone}>{text}</StateBadge>;
}
