// A live session as it arrives: server-sent events, each one line of an asciicast v2.

export type Seen =
  | { kind: "reset" | "resize"; size: { cols: number; rows: number } }
  | { kind: "output"; data: string };

/** What a client without a terminal of its own reports is no size. */
function size(cols: unknown, rows: unknown): { cols: number; rows: number } {
  const [c, r] = [Number(cols), Number(rows)];
  return c >= 1 && r >= 1 && c <= 1000 && r <= 1000 ? { cols: c, rows: r } : { cols: 80, rows: 24 };
}

/** What one line shows; `null` for what cannot be shown, such as input and markers. Pure. */
export function read(line: string): Seen | null {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return null;
  }
  if (Array.isArray(event)) {
    const [, code, data] = event as unknown[];
    if (typeof data !== "string") return null;
    if (code === "o") return { kind: "output", data };
    if (code !== "r") return null;
    const [cols, rows] = data.split("x");
    return { kind: "resize", size: size(cols, rows) };
  }
  if (typeof event !== "object" || event === null || !("version" in event)) return null;
  const header = event as { width?: unknown; height?: unknown };
  return { kind: "reset", size: size(header.width, header.height) };
}

interface Callbacks {
  dispatch: (name: string, payload?: unknown) => void;
}

/** A source for the player. Its own one for server-sent events does not understand a change of size. */
export function liveSource(url: string) {
  return ({ dispatch }: Callbacks) => {
    let events: EventSource | undefined;
    let since = 0;
    const show = (seen: Seen) => {
      if (seen.kind === "output") return dispatch("output", seen.data);
      if (seen.kind === "resize") return dispatch("resize", seen.size);
      since = performance.now();
      dispatch("reset", { size: seen.size });
      dispatch("playing");
    };
    const end = () => {
      events?.close();
      dispatch("ended", { message: "The session ended" });
    };
    return {
      play() {
        if (events) return true;
        dispatch("play");
        events = new EventSource(url);
        events.addEventListener("message", (event: MessageEvent<string>) => {
          const seen = read(event.data);
          if (seen) show(seen);
        });
        events.addEventListener("done", end);
        // The stream closes with the session; a second one of it would be refused.
        events.addEventListener("error", end);
        return true;
      },
      stop: () => events?.close(),
      getCurrentTime: () => (since === 0 ? undefined : (performance.now() - since) / 1000),
    };
  };
}
