// An account or an entitlement on a system, by its name where that is known.
import { Link } from "@tanstack/react-router";
import { useMay } from "../shell/me";

export function AccountName({ id, login }: { id?: string | null; login?: string | null }) {
  const maySee = useMay("inventory.read");
  if (!id || !maySee) return <span className={login ? "mono" : "dim"}>{login ?? (id ? "an account" : "—")}</span>;
  return <Link className={login ? "link mono" : "link"} to="/inventory/accounts/$id" params={{ id }}>{login ?? "the account"}</Link>;
}

export function EntitlementName({ id, name }: { id: string; name?: string | null }) {
  return <span className="mono" title={name ? undefined : id} style={{ overflowWrap: "anywhere" }}>{name ?? `${id.slice(0, 4)}…${id.slice(-8)}`}</span>;
}
