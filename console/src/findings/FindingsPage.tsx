// What needs a person's attention, and what did.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Finding } from "../api/types";
import { FactValue } from "../ledger/FactValue";
import { Listing, type Column } from "../shell/Listing";
import { Page, Section } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { findingsQuery } from "./queries";

export function FindingsPage() {
  const findings = useQuery(findingsQuery);
  const open = findings.data?.items.filter((f) => !f.cleared_at);
  const cleared = findings.data?.items.filter((f) => f.cleared_at);
  return (
    <Page title="Findings" lead="Raised once while it lasts, cleared by itself when it is gone.">
      <Section title="Open">
        <Listing label="Open findings" columns={OPEN} rows={open} error={findings.error} rowKey={(f) => f.id} empty={{ title: "Nothing needs attention" }} />
      </Section>
      {cleared && cleared.length > 0 && (
        <Section title="Cleared">
          <Listing label="Cleared findings" columns={CLEARED} rows={cleared} rowKey={(f) => f.id} empty={{ title: "Nothing was cleared" }} />
        </Section>
      )}
    </Page>
  );
}

function Subject({ of: { kind, subject } }: { of: Finding }) {
  if (kind === "account_match_open" || kind === "match_case_open") return <Link className="link" to="/cases">match cases</Link>;
  if (subject.startsWith("dri_")) return <Link className="link" to="/drifts">drifts</Link>;
  if (kind === "source_refused" || kind === "source_values_not_taken") return <Link className="link mono" to="/sources/$name" params={{ name: subject }}>{subject}</Link>;
  if (kind.startsWith("machine_") && subject.startsWith("idn_")) return <Link className="link nowrap" to="/machines/$id" params={{ id: subject }}>the machine</Link>;
  return <span className="mono nowrap"><FactValue name={kind} value={subject} /></span>;
}

const WHAT: Column<Finding>[] = [
  { header: "What", cell: (f) => <StateBadge tone={f.cleared_at ? "plain" : "warn"}>{f.kind.replaceAll("_", " ")}</StateBadge> },
  { header: "About", cell: (f) => <Subject of={f} />, on: "wide" },
  { header: "Detail", cell: (f) => <Prose text={f.detail} /> },
];
const OPEN: Column<Finding>[] = [...WHAT, { header: "Since", cell: (f) => <When at={f.raised_at} /> }];
const CLEARED: Column<Finding>[] = [...WHAT, { header: "Cleared", cell: (f) => <When at={f.cleared_at} /> }];
