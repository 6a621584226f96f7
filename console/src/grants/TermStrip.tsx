// A grant's term drawn to scale: what was granted, what was used of it, and where it ended.
import type { Grant, Session } from "../api/types";
import { clock, countdown, duration, many, millis, minutes } from "../time/format";
import { position } from "../time/term";
import { useNow } from "../time/useNow";
import { causeInWords } from "./GrantState";

export function TermStrip({ grant, sessions }: { grant: Grant; sessions: Session[] }) {
  const now = useNow();
  const from = millis(grant.from);
  const until = millis(grant.until);
  const end = grant.ended ? millis(grant.ended.at) : null;
  const gone = grant.gone_at ? millis(grant.gone_at) : null;
  const last = Math.max(until, ...sessions.map((s) => (s.ended_at ? millis(s.ended_at) : 0)));
  const percent = (at: number) => `${(position(at, from, last) * 100).toFixed(3)}%`;
  const stop = end ?? Math.min(now, until);
  const stopAt = position(stop, from, last);
  const summary = `Granted for ${minutes(Math.round((until - from) / 60_000))}, ${
    end ? `ended after ${duration(end - from)}` : `${duration(until - now)} left`}, ${many(sessions.length, "session")}.`;
  return (
    <figure className="strip" aria-label={summary}>
      <div className="strip-ends" aria-hidden>
        <span>{clock(grant.from)}</span>
        <span style={{ position: "absolute", right: `calc(100% - ${percent(until)})` }}>{clock(grant.until)}</span>
      </div>
      <div className="strip-track" aria-hidden>
        <div className="strip-term" style={{ width: percent(until) }} />
        <div className="strip-held" style={{ width: percent(stop) }} />
        {sessions.map((session) => {
          const start = millis(session.started_at);
          const close = session.ended_at ? millis(session.ended_at) : now;
          return (
            <div
              key={session.id}
              className="strip-session"
              data-live={session.state === "live" || undefined}
              style={{ left: percent(start), width: `max(4px, calc(${percent(close)} - ${percent(start)}))` }}
            />
          );
        })}
        <div className="strip-stop" data-ended={end !== null || undefined} style={{ left: percent(stop) }} />
      </div>
      <figcaption className="strip-caption" aria-hidden>
        <span className={stopAt > 0.5 ? "before" : "after"} style={stopAt > 0.5 ? { right: `calc(100% - ${percent(stop)})` } : { left: percent(stop) }}>
          {end === null ? (stop === until ? "term over" : <><b>{countdown(until - now)}</b> left</>) : (
            <>
              <b>{causeInWords(grant.ended?.cause ?? "")}</b> {clock(grant.ended?.at ?? "")}
              {gone !== null && <> · gone {duration(gone - (end ?? gone))} later</>}
            </>
          )}
        </span>
      </figcaption>
    </figure>
  );
}
