// Whether the last feed of a source was taken.
import type { Source } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { sourceState } from "./words";

export function SourceState({ source }: { source: Source }) {
  const [word, tone] = sourceState(source);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
