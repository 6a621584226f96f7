// Names and values, one below the other.
import type { ReactNode } from "react";

/** Pairs whose value is `null`, `undefined` or `false` are left out. */
export function Facts({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {pairs.filter(([, value]) => value !== null && value !== undefined && value !== false).map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
