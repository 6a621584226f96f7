// How a ticket stands, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";
import { millis } from "../time/format";

interface Standing {
  state: string;
  remind_at: string;
}

/** An open one that has been reminded of is late. */
export function ticketState({ state, remind_at }: Standing, now: number): [string, Tone] {
  if (state === "done") return ["done", "good"];
  if (state === "moot") return ["nobody wants it any more", "plain"];
  if (state !== "open") return [state, "plain"];
  return millis(remind_at) <= now ? ["late", "bad"] : ["to be done", "warn"];
}
