// The record and the people whom it may mean, side by side.
import { Button } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { Identity, MatchCaseDetail } from "../api/types";
import { CheckIcon, CrossIcon } from "../icons";
import { IdentityState } from "../identities/IdentityState";
import { recordsQuery } from "../identities/queries";
import { useMay } from "../shell/me";
import { Who } from "../shell/Who";
import "./cases.css";
import { compare, type Compared } from "./compare";
import { because } from "./words";

interface ComparisonProps {
  of: MatchCaseDetail;
  /** Absent where nothing is to be decided. */
  onChoose?: (person: Identity) => void;
}

export function Comparison({ of, onChoose }: ComparisonProps) {
  const mayRead = useMay("identities.read");
  const stated = useQueries({ queries: of.known.map((identity) => ({ ...recordsQuery(identity.id), enabled: mayRead })) });
  const rows = compare(of.record ?? null, of.known.map((identity, i) => ({ identity, values: stated[i]?.data?.values })));
  return (
    <div className="sheet">
      <div className="scroll-x" role="region" aria-label="Comparison" tabIndex={0}>
        <table className="listing compare">
          <thead>
            <tr>
              <th scope="col"><span className="sr-only">Attribute</span></th>
              <th scope="col"><b>The {of.account ? "account" : "record"}</b><div className="dim">{of.source} calls {of.account ? "it" : "them"} <span className="mono">{of.key}</span></div></th>
              {of.known.map((identity) => <th key={identity.id} scope="col"><Candidate of={of} identity={identity} onChoose={onChoose} /></th>)}
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Row key={row.name} row={row} />)}</tbody>
        </table>
      </div>
    </div>
  );
}

function Candidate({ of, identity, onChoose }: ComparisonProps & { identity: Identity }) {
  const candidate = of.candidates.find((each) => each.person.id === identity.id);
  const said = because(candidate?.because ?? []);
  return (
    <div style={{ display: "grid", gap: 4, justifyItems: "start" }}>
      <b><Who actor={identity} /></b>
      <IdentityState state={identity.state} />
      {said.for && <div className="dim">{said.for}</div>}
      {said.against && <div style={{ color: "var(--bad-ink)" }}>but {said.against}</div>}
      {onChoose && <Button mt={4} size="compact-sm" variant="light" onClick={() => onChoose(identity)}>It is {identity.name}</Button>}
    </div>
  );
}

function Row({ row }: { row: Compared }) {
  return (
    <tr data-tells={row.tells || undefined}>
      <th scope="row">{row.name.replaceAll("_", " ")}</th>
      <td>{row.record ?? <span className="dim">—</span>}</td>
      {row.known.map(({ value, fit }, i) => (
        <td key={i}>
          {value === null ? <span className="dim">—</span> : (
            <span data-fit={fit ?? "unknown"}>
              {fit === "same" && <CheckIcon size={14} />}
              {fit === "different" && <CrossIcon size={14} />}
              <span>{value}{fit && <span className="sr-only"> ({fit})</span>}</span>
            </span>
          )}
        </td>
      ))}
    </tr>
  );
}
