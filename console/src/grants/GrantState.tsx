// Where a grant is in its life.
import type { Grant } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { millis } from "../time/format";
import { useNow } from "../time/useNow";

const CAUSES: Record<string, string> = { leaver: "holder left", owner_gone: "owner left", machine_ended: "machine ended" };

export function causeInWords(cause: string): string {
  return CAUSES[cause] ?? cause;
}

export function GrantState({ grant }: { grant: Grant }) {
  const now = useNow();
  const over = now >= millis(grant.until);
  if (!grant.ended && (over || grant.state !== "standing")) return <StateBadge tone="plain">term over</StateBadge>;
  if (grant.state === "standing") return <StateBadge tone="good" live={grant.live_sessions > 0}>standing</StateBadge>;
  const cause = causeInWords(grant.ended?.cause ?? "ended");
  if (grant.state === "ended") return <StateBadge tone="warn">{`${cause}, not yet seen gone`}</StateBadge>;
  return <StateBadge tone="plain">{`${cause}, observed gone`}</StateBadge>;
}
