// Nothing here, and why that is or what to do about it.
import type { ReactNode } from "react";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="sheet empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}
