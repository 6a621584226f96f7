// What is done to an account on a system, in one word.
import { StateBadge } from "../shell/StateBadge";
import { actName } from "./words";

export function Act({ act }: { act: string }) {
  const [word, tone] = actName(act);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
