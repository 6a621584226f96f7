// One chapter of a story: its entries in order, those of sessions session by session.
import type { ComponentType } from "react";
import type { Chapter as ChapterOf, Line, Session } from "../api/types";
import { ApproveIcon, CheckIcon, GrantIcon, HandIcon, KeyIcon, LedgerIcon, PersonIcon, SessionIcon, StopIcon, type IconProps } from "../icons";
import { EntryLine } from "../ledger/EntryLine";
import { When } from "../time/When";
import { bySession } from "./uses";
import { UseHead } from "./UseHead";

const ICONS: [RegExp, ComponentType<IconProps>][] = [
  [/^machine\.(unowned|ended)/, StopIcon],
  [/^(import|identity|account)\./, PersonIcon],
  [/^(role|system|policy|machine)\./, KeyIcon],
  [/^request\.submitted/, HandIcon],
  [/^request\./, ApproveIcon],
  [/^grant\.issued/, GrantIcon],
  [/gone/, CheckIcon],
  [/^(session|permit|lease|recording)\./, SessionIcon],
  [/^(grant\.ended|leaver\.)/, StopIcon],
];

interface ChapterProps {
  number: number;
  chapter: ChapterOf;
  sessions: Session[];
  names: ReadonlyMap<string, string>;
}

export function Chapter({ number, chapter, sessions, names }: ChapterProps) {
  const first = chapter.lines[0]?.kind ?? "";
  const Icon = ICONS.find(([kind]) => kind.test(first))?.[1] ?? LedgerIcon;
  const ofSessions = chapter.lines.some((line) => line.kind === "session.started");
  // Without threads two sessions at once cannot be told apart: then they are only named, above all of their entries.
  const told = chapter.lines.some((line) => line.thread);
  const { uses, others } = ofSessions && told ? bySession(chapter.lines, sessions) : { uses: [], others: chapter.lines };
  return (
    <li className="chapter">
      <div className="chapter-node"><Icon size={17} /></div>
      <header className="chapter-head">
        <h2><span className="sr-only">Chapter {number}: </span>{chapter.title}</h2>
        <span className="dim"><When at={chapter.at} show="both" /></span>
      </header>
      {uses.map((use) => (
        <section key={use.session.id} className="sheet use" aria-label={`Session of ${use.session.started_at}`}>
          <UseHead session={use.session} />
          <Entries lines={use.lines} names={names} />
        </section>
      ))}
      {ofSessions && !told && sessions.map((session) => <div key={session.id} className="sheet use"><UseHead session={session} /></div>)}
      {others.length > 0 && <div className="sheet"><Entries lines={others} names={names} /></div>}
    </li>
  );
}

function Entries({ lines, names }: { lines: Line[]; names: ReadonlyMap<string, string> }) {
  return <ol className="entries">{lines.map((line) => <EntryLine key={line.seq} line={line} names={names} />)}</ol>;
}
