// One ledger entry as people read it: when, what, who, their words, and the facts.
import { useId, useState } from "react";
import type { Line } from "../api/types";
import { sidesOf } from "../imports/changes";
import { Differences } from "../imports/Differences";
import { Prose } from "../shell/Prose";
import { clock } from "../time/format";
import { When } from "../time/When";
import "./ledger.css";
import { FactValue } from "./FactValue";
import { tell } from "./tell";

interface EntryLineProps {
  line: Line;
  names?: ReadonlyMap<string, string>;
  /** `clock` where the day stands elsewhere. */
  time?: "clock" | "full";
}

/** Told by the sentence and the differences. */
const OF_IMPORT = /^(before\.|after\.|what$|employee_id$)/;
const QUOTED = new Set(["reason", "because", "eligible_because", "command", "comment", "proof"]);
const LABELS: Record<string, string> = { eligible_because: "eligible because", because: "may decide because" };

export function EntryLine({ line, names, time = "clock" }: EntryLineProps) {
  const [open, setOpen] = useState(false);
  const restId = useId();
  const told = tell(line);
  const rest = Object.keys(line.facts ?? {}).filter((name) => !told.main.includes(name));
  const words = told.quotes.filter(([name]) => QUOTED.has(name));
  const sides = sidesOf(line.personal);
  const personal = told.quotes.filter(([name]) => !QUOTED.has(name) && !(sides && OF_IMPORT.test(name)));
  return (
    <li className="entry" id={`seq-${line.seq}`}>
      <div className="entry-time">
        {time === "clock" ? <time dateTime={line.at} title={line.at}>{clock(line.at)}</time> : <When at={line.at} show="absolute" />}
      </div>
      <div className="entry-body">
        <p className="entry-text">
          <b>{told.text}</b> <span className="dim">by {line.actor.name}</span>
        </p>
        {words.map(([name, text]) => (
          <blockquote key={name} className="quote entry-quote">
            {name !== "reason" && <span className="dim">{LABELS[name] ?? name}: </span>}
            {name === "command" ? <span className="mono">{text}</span> : <Prose text={text} />}
          </blockquote>
        ))}
        {sides && <Differences change={sides} />}
        {(told.main.length > 0 || personal.length > 0) && (
          <dl className="entry-facts">
            {personal.map(([name, text]) => <Fact key={name} name={name} value={text} />)}
            {told.main.map((name) => <Fact key={name} name={name} value={line.facts[name]} names={names} />)}
          </dl>
        )}
        {rest.length > 0 && (
          <dl id={restId} className="entry-facts entry-rest" data-open={open || undefined}>
            {rest.map((name) => <Fact key={name} name={name} value={line.facts[name]} names={names} />)}
          </dl>
        )}
      </div>
      {rest.length > 0 ? (
        <button type="button" className="entry-seq" aria-expanded={open} aria-controls={restId} onClick={() => setOpen(!open)} title="Every fact of this entry">
          <span className="entry-kind">{line.kind}</span> <span className="sr-only">ledger entry </span>#{line.seq}
        </button>
      ) : (
        <span className="entry-seq"><span className="entry-kind">{line.kind}</span> #{line.seq}</span>
      )}
    </li>
  );
}

function Fact({ name, value, names }: { name: string; value: unknown; names?: ReadonlyMap<string, string> }) {
  return (
    <div>
      <dt>{name.replaceAll("_", " ")}</dt>
      <dd><FactValue name={name} value={value} names={names} /></dd>
    </div>
  );
}
