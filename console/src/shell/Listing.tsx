// A table of one noun: waiting, refused, empty, or rows, and a way to more of them.
import { Button } from "@mantine/core";
import type { Key, ReactNode } from "react";
import { Empty } from "./Empty";
import { Loading } from "./Loading";
import { ProblemLine } from "./ProblemLine";

export interface Column<T> {
  header: string;
  cell: (row: T) => ReactNode;
  /** `wide` is left out on small screens. */
  on?: "wide";
  align?: "number";
  width?: number | string;
  /** Keeps the header for screen readers only. */
  quiet?: boolean;
}

interface ListingProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => Key;
  error?: unknown;
  empty: { title: string; hint?: ReactNode };
  more?: () => void;
  busy?: boolean;
}

export function Listing<T>({ label, columns, rows, rowKey, error, empty, more, busy }: ListingProps<T>) {
  if (error && !rows) return <ProblemLine error={error} />;
  if (!rows) return <div className="sheet sheet-pad"><Loading /></div>;
  if (rows.length === 0) return <Empty title={empty.title}>{empty.hint}</Empty>;
  const classOf = (column: Column<T>) => [column.on === "wide" && "wide-only", column.align].filter(Boolean).join(" ") || undefined;
  return (
    <div className="sheet">
      {error != null && <ProblemLine error={error} />}
      <div className="scroll-x" role="region" aria-label={label} tabIndex={0}>
        <table className="listing" aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.header} scope="col" className={classOf(column)} style={{ width: column.width }}>
                  {column.quiet ? <span className="sr-only">{column.header}</span> : column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => <td key={column.header} className={classOf(column)}>{column.cell(row)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more && (
        <div className="listing-foot">
          <Button variant="subtle" size="compact-sm" onClick={more} loading={busy}>Show more</Button>
        </div>
      )}
    </div>
  );
}
