// How well a system is known.
import type { SystemHealth } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { systemState } from "./words";

export function SystemState({ health }: { health: SystemHealth }) {
  const [word, tone] = systemState(health);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
