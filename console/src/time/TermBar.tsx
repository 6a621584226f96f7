// What remains of a term: every privilege has one.
import { absolute, countdown } from "./format";
import { remaining, type Term } from "./term";
import { useNow } from "./useNow";
import "./term-bar.css";

export function TermBar({ term, label }: { term: Term; label: string }) {
  const now = useNow();
  const { phase, left, share } = remaining(term, now);
  const text = phase === "over" ? "over" : phase === "ahead" ? "not yet" : countdown(left);
  return (
    <div className="term-bar" data-phase={phase}>
      <div
        className="term-bar-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={phase === "over" ? "over" : `${text} left, until ${absolute(term.until)}`}
      >
        <div className="term-bar-left" style={{ transform: `scaleX(${share})` }} />
      </div>
      <span className="term-bar-text" aria-hidden>{text}</span>
    </div>
  );
}
