// What changes about a person, attribute by attribute.
import { differences, type Sides } from "./changes";

export function Differences({ change }: { change: Sides }) {
  return (
    <dl className="entry-facts" style={{ margin: 0 }}>
      {differences(change).map((difference) => (
        <div key={difference.name}>
          <dt>{difference.name.replaceAll("_", " ")}</dt>
          <dd>
            {difference.before !== null && <span className="change-before">{difference.before}</span>}
            {difference.before !== null && difference.after !== null && " → "}
            {difference.after ?? (difference.before === null ? "" : " (none)")}
          </dd>
        </div>
      ))}
    </dl>
  );
}
