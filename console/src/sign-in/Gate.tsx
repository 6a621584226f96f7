// The frame of the pages before sign-in.
import type { ReactNode } from "react";
import { Wordmark } from "../shell/Wordmark";
import "./gate.css";

export function Gate({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <Wordmark size={30} />
        <h1>{title}</h1>
        <p className="dim">{lead}</p>
        {children}
      </div>
      <p className="gate-line">Every privilege has a term.</p>
    </main>
  );
}
