// A state in one word, with its tone. The word carries the meaning; the colour only helps.
export type Tone = "good" | "warn" | "bad" | "plain";

export function StateBadge({ tone, children, live }: { tone: Tone; children: string; live?: boolean }) {
  return (
    <span className="badge" data-tone={tone}>
      <span className="dot" data-live={live || undefined} />
      {children}
    </span>
  );
}
