// One leaver's case: what is over, how long it took from the news on, and what became of what they owned.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentence } from "../api/problem";
import type { LeaverDetail, LeaverOrder } from "../api/types";
import { Act } from "../orders/Act";
import { AccountName, EntitlementName } from "../orders/Names";
import { orderState } from "../orders/words";
import { Account } from "../shell/Account";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { Notice } from "../shell/Notice";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { many } from "../time/format";
import { When } from "../time/When";
import "./leavers.css";
import { OwnershipsTable } from "./OwnershipsTable";
import { leaverQuery } from "./queries";
import { LeaverState } from "./LeaversPage";
import { stepLine } from "./steps";
import { parts, tookLine } from "./words";

export function LeaverPage() {
  const { id } = useParams({ from: "/frame/leavers/$id" });
  const query = useQuery(leaverQuery(id));
  const leaver = query.data;
  if (!leaver) return <Page title="Leaver">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={`${leaver.identity.name} leaves`} lead={<LeaverState step={leaver.step} />}>
      <Section title="From the news on">
        <div className="sheet sheet-pad" style={{ display: "grid", gap: 18 }}>
          <Progress leaver={leaver} />
          <Facts
            pairs={[
              ["Who", <Who actor={leaver.identity} />],
              ["Said by", leaver.import && <Link className="link mono" to="/imports/$id" params={{ id: leaver.import }}>imp_…{leaver.import.slice(-8)}</Link>],
              ["News of it", <When at={leaver.event_at} show="both" />],
              ["Grants withdrawn at once", leaver.withdrawn],
              ["Signing in ended", leaver.account_disabled_at && <When at={leaver.account_disabled_at} show="both" />],
              ["Now", sentence(stepLine(leaver.step))],
              ["Found again", leaver.reopened > 0 && `${many(leaver.reopened, "time")}, and taken away again`],
              ["Closed", leaver.closed_at && <When at={leaver.closed_at} show="both" />],
            ]}
          />
        </div>
      </Section>
      {leaver.orders.length > 0 && (
        <Section title="Ordered on systems">
          <Listing label="Orders" columns={ORDERS} rows={leaver.orders} rowKey={(o) => o.id} empty={{ title: "Nothing was ordered" }} />
        </Section>
      )}
      {leaver.protected.length > 0 && (
        <Section title="A person has to see to these">
          <Notice tone="warn">
            <div>Nothing is ever sent to protected accounts, and these of theirs are still enabled.</div>
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {leaver.protected.map((account) => <li key={account.id}><Link className="link" to="/inventory/accounts/$id" params={{ id: account.id }}><Account login={account.login} target={account.system} /></Link></li>)}
            </ul>
          </Notice>
        </Section>
      )}
      <Section title="What they owned">
        <OwnershipsTable of="one leaver" rows={leaver.ownerships} />
      </Section>
    </Page>
  );
}

const ORDERS: Column<LeaverOrder>[] = [
  { header: "Act", cell: (o) => <Act act={o.act} /> },
  { header: "What", cell: (o) => (o.entitlement ? <EntitlementName id={o.entitlement} name={o.entitlement_name} /> : "the account") },
  { header: "Account", cell: (o) => <AccountName id={o.account} login={o.login} />, on: "wide" },
  { header: "System", cell: (o) => <span className="mono">{o.system}</span> },
  { header: "Ordered", cell: (o) => <When at={o.ordered_at} show="absolute" />, on: "wide" },
  { header: "State", cell: (o) => <OrderState order={o} /> },
];

function OrderState({ order }: { order: LeaverOrder }) {
  const [word, tone] = orderState(order.state);
  return <><StateBadge tone={tone}>{word}</StateBadge>{order.trouble && <div className="dim" style={{ fontSize: 13.5 }}><Prose text={order.trouble} /></div>}</>;
}

function Progress({ leaver }: { leaver: LeaverDetail }) {
  const all = parts(leaver);
  const now = leaver.step === "cancelled" ? -1 : all.findIndex((part) => !part.isOver);
  return (
    <ol className="parts">
      {all.map((part, i) => (
        <li key={part.name} data-over={part.isOver || undefined} data-now={i === now || undefined}>
          <span>{part.name}</span>
          <span className={part.took === null ? "dim" : "took"}>{part.took !== null ? tookLine(part.took) : part.isOver ? "nothing to do" : i === now ? "under way" : "—"}</span>
        </li>
      ))}
    </ol>
  );
}
