// Where a person is in their life in the organisation.
import { StateBadge } from "../shell/StateBadge";
import { stateName } from "./states";

export function IdentityState({ state }: { state: string }) {
  const [word, tone] = stateName(state);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
