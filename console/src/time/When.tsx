// A moment: how long ago, and exactly when.
import { Tooltip } from "@mantine/core";
import { absolute, relative } from "./format";
import { useNow } from "./useNow";

/** `both` writes the exact time and the distance; `relative` keeps the exact time in a tooltip. */
export function When({ at, show = "relative" }: { at: string | null | undefined; show?: "relative" | "absolute" | "both" }) {
  const now = useNow();
  if (!at) return <span className="dim">—</span>;
  const exact = absolute(at);
  const distance = relative(at, now);
  if (show === "both") {
    return (
      <time dateTime={at} className="when">
        {exact} <span className="dim">({distance})</span>
      </time>
    );
  }
  const [text, hint] = show === "absolute" ? [exact, distance] : [distance, exact];
  return (
    <Tooltip label={hint} openDelay={250}>
      <time dateTime={at} className="when">{text}</time>
    </Tooltip>
  );
}
