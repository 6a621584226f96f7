// Values of the vault where they should not be: the scans that looked for them, what they led to, and what invites a leak.
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { findingsQuery } from "../findings/queries";
import { usePages } from "../api/pages";
import type { Finding, Lint, RecordingsScan, Scan } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { count } from "../time/format";
import { useNow } from "../time/useNow";
import { When } from "../time/When";
import { lintQuery, scanRecordings, scansPage } from "./queries";
import { recordingsLine, ruleName, scanned, scanState } from "./words";

const LEAK = "leaked_secret";

export function ScansPage() {
  const client = useQueryClient();
  const list = usePages(["hygiene", "scans"], scansPage, { refetchInterval: 15_000 });
  const lint = useQuery(lintQuery);
  const run = useMutation({ mutationFn: scanRecordings, onSuccess: () => client.invalidateQueries() });
  return (
    <Page
      title="Scans"
      lead="Looks for values of the vault where they should not be. Only keyed digests are compared, and what is found is rotated where its account says so."
      actions={<Button loading={run.isPending} onClick={() => run.mutate()}>Scan the recordings</Button>}
    >
      {(run.error != null || run.data) && (
        <div style={{ marginBottom: 22 }}>
          <ProblemLine error={run.error} />
          {run.data && <Found scan={run.data} />}
        </div>
      )}
      <Leaks />
      <Section title="What invites a leak">
        <Listing label="Lint of the set-up" columns={LINT} rows={lint.data?.items} error={lint.error} rowKey={(l) => `${l.rule} ${l.subject}`} empty={{ title: "Nothing in the set-up invites a leak" }} />
      </Section>
      <Section title="Scans">
        <Listing label="Scans" columns={SCANS} rows={list.items} error={list.error} rowKey={(s) => s.id} more={list.more} busy={list.isFetching}
          empty={{ title: "Nothing was scanned yet", hint: <>Scan a repository with <code>tenure scan git</code>, a folder with <code>tenure scan folder</code>.</> }} />
      </Section>
    </Page>
  );
}

function Found({ scan }: { scan: RecordingsScan }) {
  return (
    <div className="sheet sheet-pad" role="status" style={{ display: "grid", gap: 10 }}>
      <p style={{ fontWeight: 600 }}>{recordingsLine(scan)}.</p>
      {scan.found.map((found) => (
        <p key={`${found.id} ${found.version} ${found.digest}`}>
          <span className="mono">{found.name}</span>{found.key && <>, key <span className="mono">{found.key}</span></>}, version {found.version}
          {found.rotation ? ": being rotated" : ""}. <span className="dim">Seen in {found.places.join(", ")}</span>
        </p>
      ))}
    </div>
  );
}

function Leaks() {
  const mayRead = useMay("findings.read");
  const findings = useQuery({ ...findingsQuery, enabled: mayRead });
  const leaks = findings.data?.items.filter((finding) => finding.kind === LEAK && !finding.cleared_at);
  if (!leaks || leaks.length === 0) return null;
  return (
    <Section title="Leaked, and not dead yet">
      <Listing label="Leaked values" columns={LEAKS} rows={leaks} rowKey={(f) => f.id} empty={{ title: "Nothing leaked" }} />
    </Section>
  );
}

const LEAKS: Column<Finding>[] = [
  { header: "About", cell: (f) => <span className="mono">{f.subject}</span> },
  { header: "Detail", cell: (f) => <Prose text={f.detail} /> },
  { header: "Since", cell: (f) => <When at={f.raised_at} /> },
];

const LINT: Column<Lint>[] = [
  { header: "What", cell: (l) => <StateBadge tone="warn">{ruleName(l.rule)}</StateBadge> },
  { header: "About", cell: (l) => <span className="mono" style={{ overflowWrap: "anywhere" }}>{l.subject}</span>, on: "wide" },
  { header: "Detail", cell: (l) => <Prose text={l.detail} /> },
];

const SCANS: Column<Scan>[] = [
  { header: "Result", cell: (s) => <State scan={s} /> },
  { header: "Of", cell: (s) => scanned(s.what) },
  { header: "Compared", cell: (s) => <>{count(s.digests)} <span className="dim">digests</span></>, on: "wide" },
  { header: "By", cell: (s) => <Who actor={s.begun_by} />, on: "wide" },
  { header: "Begun", cell: (s) => <When at={s.begun_at} /> },
];

function State({ scan }: { scan: Scan }) {
  const [word, tone] = scanState(scan, useNow());
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
