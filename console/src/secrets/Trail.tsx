// The way from every safe down to a folder.
import { Link } from "@tanstack/react-router";
import { trail } from "./names";

export function Trail({ prefix }: { prefix: string }) {
  return (
    <nav aria-label="Folder" className="mono" style={{ marginBottom: 12 }}>
      <Link className="link" to="/secrets" search={{}}>every safe</Link>
      {trail(prefix).map((step) => (
        <span key={step.prefix}> / <Link className="link" to="/secrets" search={{ prefix: step.prefix }}>{step.part}</Link></span>
      ))}
    </nav>
  );
}
