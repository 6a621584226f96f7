// What people may hold on systems: who answers for each, how risky it is, and whether it may be asked for.
import { Button, Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Entitlement } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { DescribeDrawer, type Subject } from "./DescribeDrawer";
import { entitlementsQuery } from "./queries";
import { privilegedLine, requestableLine, riskTone, RISK_NAMES } from "./words";

export function EntitlementsPage() {
  const mayWrite = useMay("entitlements.write");
  const entitlements = useQuery(entitlementsQuery);
  const [system, setSystem] = useState<string | null>(null);
  const [risk, setRisk] = useState<string | null>(null);
  const [subject, setSubject] = useState<Subject | null>(null);
  const all = entitlements.data?.items;
  const rows = all?.filter((each) => (system === null || each.system === system) && (risk === null || each.risk === risk));
  const columns = mayWrite ? [...COLUMNS, edit(setSubject)] : COLUMNS;
  return (
    <Page
      title="Entitlements"
      lead="Groups, roles and rights on systems, with the person who answers for each. How risky one is decides how closely it is looked at."
      actions={mayWrite && <Button onClick={() => setSubject({ describe: "new" })}>Describe an entitlement</Button>}
    >
      <Section
        title="Described"
        aside={
          <Group gap="xs">
            <Select size="xs" w={150} aria-label="System" placeholder="any system" clearable data={[...new Set(all?.map((each) => each.system))]} value={system} onChange={setSystem} />
            <Select size="xs" w={130} aria-label="Risk" placeholder="any risk" clearable data={RISK_NAMES} value={risk} onChange={setRisk} />
          </Group>
        }
      >
        <Listing label="Entitlements" columns={columns} rows={rows} error={entitlements.error} rowKey={(e) => `${e.system} ${e.slug}`}
          empty={all?.length === 0 ? { title: "Nothing was said about an entitlement yet", hint: <>Describe one here, or many with <code>tenure entitlements apply</code>.</> } : { title: "No entitlement fits" }} />
      </Section>
      <DescribeDrawer subject={subject} onClose={() => setSubject(null)} />
    </Page>
  );
}

const COLUMNS: Column<Entitlement>[] = [
  { header: "Entitlement", cell: (e) => <><span className="mono" style={{ overflowWrap: "anywhere" }}>{e.slug}</span><div className="dim wide-only" style={{ fontSize: 13.5 }}>{e.description}</div></> },
  { header: "System", cell: (e) => <span className="mono">{e.system}</span> },
  { header: "Owner", cell: (e) => <Who actor={e.owner} />, on: "wide" },
  { header: "Risk", cell: (e) => <StateBadge tone={riskTone(e.risk)}>{e.risk}</StateBadge> },
  { header: "Privileged", cell: (e) => <span className="dim">{privilegedLine(e)}</span>, on: "wide" },
  { header: "May be asked for", cell: (e) => <span className="nowrap">{requestableLine(e)}</span>, on: "wide" },
];

function edit(open: (subject: Subject) => void): Column<Entitlement> {
  return {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (e) => <Button size="compact-sm" variant="subtle" aria-label={`Change ${e.slug} on ${e.system}`} onClick={() => open({ describe: e })}>Change</Button>,
  };
}
