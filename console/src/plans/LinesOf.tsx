// The steps of a plan, as they were computed.
import { usePages } from "../api/pages";
import type { Plan, PlanStep } from "../api/types";
import { attributesOf } from "../inventory/words";
import { Act } from "../orders/Act";
import { AccountName, EntitlementName } from "../orders/Names";
import { causeOf } from "../orders/words";
import { Listing, type Column } from "../shell/Listing";
import { Section } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { many } from "../time/format";
import { linesPage } from "./queries";

export function LinesOf({ plan }: { plan: Plan }) {
  const list = usePages(["plans", "one", plan.id, "lines"], (after) => linesPage(plan.id, after));
  return (
    <Section title={`Line by line (${many(plan.lines, "step")})`}>
      <Listing label="Steps" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(l) => l.position} empty={{ title: "It has no step" }} />
    </Section>
  );
}

const COLUMNS: Column<PlanStep>[] = [
  { header: "Act", cell: (l) => <Act act={l.act} /> },
  { header: "What", cell: (l) => <What line={l} /> },
  { header: "Account", cell: (l) => <AccountName id={l.account} login={l.login} /> },
  { header: "Of", cell: (l) => <Who actor={l.identity} /> },
  { header: "Because", cell: (l) => <span className="dim">{causeOf(l.cause)}</span>, on: "wide" },
];

function What({ line }: { line: PlanStep }) {
  const attributes = attributesOf(line.attributes);
  return (
    <>
      {line.entitlement ? <EntitlementName id={line.entitlement} name={line.entitlement_name} /> : "the account"}
      {line.privileged && <> <StateBadge tone="warn">privileged</StateBadge></>}
      {attributes.length > 0 && <div className="dim wide-only" style={{ fontSize: 13.5 }}>{attributes.map(([name, value]) => `${name} ${value}`).join("; ")}</div>}
    </>
  );
}
