// The state of a request as a badge.
import type { RequestState as State } from "../api/types";
import { StateBadge, type Tone } from "../shell/StateBadge";

const TONES: Record<State, Tone> = { pending: "warn", approved: "good", denied: "bad", cancelled: "plain", expired: "plain" };

export function RequestState({ state }: { state: string }) {
  return <StateBadge tone={TONES[state as State] ?? "plain"}>{state}</StateBadge>;
}
