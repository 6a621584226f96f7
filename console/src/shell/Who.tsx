// The one who acts or holds: a person, a machine identity, or a duty of Tenure itself.
import { Link } from "@tanstack/react-router";
import type { Person } from "../api/types";
import { useMe } from "./me";

export function Who({ actor }: { actor: Person | null | undefined }) {
  const me = useMe();
  if (!actor) return <span className="dim">—</span>;
  if (actor.kind === "machine") return <span><Machine actor={actor} /> <span className="dim">machine</span></span>;
  if (!actor.id.startsWith("idn_") || !me.permissions.includes("identities.read")) return <span>{actor.name}</span>;
  return <Link className="link" to="/identities/$id" params={{ id: actor.id }}>{actor.name}</Link>;
}

function Machine({ actor }: { actor: Person }) {
  const mayRead = useMe().permissions.includes("machines.read");
  return mayRead ? <Link className="link" to="/machines/$id" params={{ id: actor.id }}>{actor.name}</Link> : <>{actor.name}</>;
}
