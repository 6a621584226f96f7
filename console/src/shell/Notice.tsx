// Something on a page that is to be read before the rest.
import type { ReactNode } from "react";
import type { Tone } from "./StateBadge";

export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <div className="sheet sheet-pad notice" data-tone={tone}>{children}</div>;
}
