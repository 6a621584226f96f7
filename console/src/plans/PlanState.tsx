// How a plan stands.
import { StateBadge } from "../shell/StateBadge";
import { planState } from "./words";

export function PlanState({ state }: { state: string }) {
  const [word, tone] = planState(state);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
