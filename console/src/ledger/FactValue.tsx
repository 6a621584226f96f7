// One fact of a ledger entry, by its shape: a moment, an id, a digest, a list, or plain text.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Digest } from "../shell/Copy";
import { bytes } from "../time/format";
import { When } from "../time/When";

type Page =
  | "/grants/$id" | "/sessions/$id" | "/requests/$id" | "/identities/$id" | "/imports/$id" | "/cases/$id" | "/plans/$id" | "/tickets/$id"
  | "/inventory/accounts/$id" | "/leavers/$id" | "/movers/$id";

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
const ID = /^([a-z]{3})_[0-9a-f]{32}$/;
const PAGES: Record<string, Page> = {
  grt: "/grants/$id",
  ses: "/sessions/$id",
  req: "/requests/$id",
  idn: "/identities/$id",
  imp: "/imports/$id",
  mat: "/cases/$id",
  pln: "/plans/$id",
  tkt: "/tickets/$id",
  oac: "/inventory/accounts/$id",
  cas: "/leavers/$id",
  mov: "/movers/$id",
};

interface FactValueProps {
  name: string;
  value: unknown;
  /** Names of the ids that the page knows. */
  names?: ReadonlyMap<string, string>;
}

export function FactValue({ name, value, names }: FactValueProps): ReactNode {
  if (value === null || value === undefined) return <span className="dim">—</span>;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return name === "bytes" ? bytes(value) : String(value);
  if (typeof value === "string") return <TextValue text={value} names={names} />;
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="dim">none</span>;
    if (value.every((item) => typeof item !== "object")) return value.map(String).join(", ").replaceAll("_", " ");
    return (
      <ul className="fact-list">
        {value.map((item, i) => <li key={i}><FactValue name={name} value={item} names={names} /></li>)}
      </ul>
    );
  }
  return (
    <span className="fact-object">
      {Object.entries(value).filter(([, v]) => v !== null).map(([key, inner], i) => (
        <span key={key}>{i > 0 && ", "}<span className="dim">{key.replaceAll("_", " ")}</span> <FactValue name={key} value={inner} names={names} /></span>
      ))}
    </span>
  );
}

function TextValue({ text, names }: { text: string; names?: ReadonlyMap<string, string> }) {
  if (MOMENT.test(text)) return <When at={text} show="absolute" />;
  const prefix = ID.exec(text)?.[1];
  if (prefix) {
    const known = names?.get(text);
    const shown = known ?? `${prefix}_…${text.slice(-8)}`;
    const page = PAGES[prefix];
    if (!page) return <span className={known ? undefined : "mono"} title={text}>{shown}</span>;
    return <Link className={known ? "link" : "link mono"} to={page} params={{ id: text }} title={text}>{shown}</Link>;
  }
  if (/^[0-9a-f]{40,}$/.test(text)) return <Digest text={text} />;
  return <span style={{ overflowWrap: "anywhere" }}>{text}</span>;
}
