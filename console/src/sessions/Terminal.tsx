// A terminal that replays a recording or follows a live session. Loads asciinema-player when it is first shown.
import { useEffect, useRef, useState } from "react";
import type { Player } from "asciinema-player";
import { ProblemLine } from "../shell/ProblemLine";
import { mono } from "../shell/theme";
import { liveSource } from "./live";
import "./terminal.css";

type Source = { recording: string } | { live: string };

export function Terminal({ source, label }: { source: Source; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  const recording = "recording" in source ? source.recording : null;
  const live = "live" in source ? source.live : null;

  useEffect(() => {
    let player: Player | undefined;
    let gone = false;
    const element = place.current;
    if (!element) return;
    const start = async () => {
      const [{ create }] = await Promise.all([
        import("asciinema-player"),
        import("asciinema-player/dist/bundle/asciinema-player.css"),
        // The player measures its columns once: the font must be there first.
        document.fonts.load(`15px ${mono}`),
      ]);
      if (gone) return;
      const look = { fit: "both" as const, terminalFontFamily: mono, terminalLineHeight: 1.35, theme: "tenure" };
      player =
        live === null
          ? create({ data: recording ?? "" }, element, { ...look, preload: true, idleTimeLimit: 2, controls: true, poster: "npt:0:01" })
          : create(liveSource(live) as never, element, { ...look, autoPlay: true, controls: false });
    };
    start().catch(setError);
    return () => {
      gone = true;
      player?.dispose();
    };
  }, [recording, live]);

  return (
    <>
      <ProblemLine error={error} />
      <div ref={place} className="terminal" role="group" aria-label={label} />
    </>
  );
}
