// While an answer is on its way.
import { Skeleton } from "@mantine/core";

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" style={{ display: "grid", gap: 10, padding: "6px 0" }}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={i === 0 ? 22 : 16} width={`${[38, 92, 84, 70][i % 4]}%`} radius={4} />
      ))}
    </div>
  );
}
