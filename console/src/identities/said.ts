// Which source said each attribute of a person, and what others say instead. Pure.
import { textOf } from "../sources/asserted";
import type { SourceRecord, StatedValue } from "../api/types";

export interface Said {
  attribute: string;
  /** `null` where the source that has the word says that there is none. */
  value: string | null;
  source: string;
  /** Sources that say something else, and have not the word. */
  others: { source: string; value: string | null }[];
}

/** A record that its source does not name any more says nothing. */
export function said(values: readonly StatedValue[], records: readonly SourceRecord[]): Said[] {
  const heard = records.filter((record) => !record.gone_at);
  return values.map(({ attribute, value, source }) => {
    const counts = textOf(value);
    const others = heard
      .filter((record) => record.source !== source && attribute in record.attributes)
      .map((record) => ({ source: record.source, value: textOf(record.attributes[attribute]) }))
      .filter((other) => other.value !== counts);
    return { attribute, value: counts, source, others };
  });
}
