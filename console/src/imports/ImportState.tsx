// Where an import is, and what it would change or changed.
import type { Import } from "../api/types";
import { StateBadge, type Tone } from "../shell/StateBadge";
import { count } from "../time/format";

const SHOWN: Record<string, [string, Tone]> = {
  planned: ["dry run", "plain"],
  applied: ["applied", "good"],
  held: ["held: waits for a person", "warn"],
  unchanged: ["nothing to change", "plain"],
  superseded: ["dropped: a newer feed came", "plain"],
};

export function ImportState({ state }: { state: string }) {
  const [text, tone] = SHOWN[state] ?? [state, "plain"];
  return <StateBadge tone={tone}>{text}</StateBadge>;
}

export function Counts({ counts }: { counts: Import["counts"] }) {
  const parts: [string, number][] = [
    [counts.joiners === 1 ? "joiner" : "joiners", counts.joiners],
    [counts.movers === 1 ? "mover" : "movers", counts.movers],
    [counts.leavers === 1 ? "leaver" : "leavers", counts.leavers],
    ["unchanged", counts.unchanged],
    ...(counts.undecided > 0 ? [["to decide", counts.undecided] as [string, number]] : []),
  ];
  return (
    <dl className="counts">
      {parts.map(([name, n]) => (
        <div key={name} data-none={n === 0 || undefined}><dd>{count(n)}</dd><dt>{name}</dt></div>
      ))}
    </dl>
  );
}
