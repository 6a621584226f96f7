// One account as it was read on a system: whose it is, what it has and by which way, and what a person says about it.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { AccountHolding, ObservedAccountDetail } from "../api/types";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { AccountActs } from "./AccountActs";
import { LinkState, Status } from "./AccountsTable";
import { accountQuery } from "./queries";
import { attributesOf, entitlementKind, linkedBy, pathLine, protectionLine } from "./words";

export function AccountPage() {
  const { id } = useParams({ from: "/frame/inventory/accounts/$id" });
  const query = useQuery(accountQuery(id));
  const mayDecide = useMay("cases.decide");
  const account = query.data;
  if (!account) return <Page title="Account">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  const attributes = attributesOf(account.attributes);
  return (
    <Page title={`${account.login}@${account.system}`} lead={<LinkState state={account.state} />} actions={mayDecide && !account.until && <AccountActs account={account} />}>
      <div className="grid-2">
        <Section title="Whose it is"><div className="sheet sheet-pad"><Whose account={account} /></div></Section>
        {attributes.length > 0 && <Section title="As the system shows it"><div className="sheet sheet-pad"><Facts pairs={attributes} /></div></Section>}
      </div>
      <Section title="What it has">
        <Listing label="What it has" columns={HOLDINGS} rows={account.holdings} rowKey={(h) => h.entitlement.id} empty={{ title: "It is a member of nothing" }} />
      </Section>
    </Page>
  );
}

function Whose({ account }: { account: ObservedAccountDetail }) {
  return (
    <Facts
      pairs={[
        ["Holder", account.identity ? <Who actor={account.identity} /> : account.state === "non_personal" ? "no person's own" : "nobody knows"],
        ["Because of", account.linked_by && linkedBy(account.linked_by)],
        ["Answers for it", account.owner && <Who actor={account.owner} />],
        ["Said by", account.decided_by && <><Who actor={account.decided_by} /> {account.decided_at && <span className="dim"><When at={account.decided_at} /></span>}</>],
        ["Protected", protectionLine(account)],
        ["System", <Link className="link mono" to="/inventory/systems/$name" params={{ name: account.system }}>{account.system}</Link>],
        ["On the system", <Status account={account} />],
        ["Power by itself", account.privileged.length > 0 && account.privileged.join("; ")],
        ["Last used", account.last_used_at && <When at={account.last_used_at} show="both" />],
        ["Seen since", <When at={account.from} show="both" />],
      ]}
    />
  );
}

const HOLDINGS: Column<AccountHolding>[] = [
  { header: "Entitlement", cell: (h) => <><span style={{ overflowWrap: "anywhere" }}>{h.entitlement.name}</span> <span className="dim wide-only">{entitlementKind(h.entitlement.kind)}</span></> },
  { header: "Held", cell: (h) => <span className={h.path.length > 1 ? undefined : "dim"}>{pathLine(h.path)}</span> },
  { header: "Power", cell: (h) => (h.entitlement.privileged ? <><StateBadge tone="warn">privileged</StateBadge><div className="dim wide-only" style={{ fontSize: 13.5 }}>{h.entitlement.privileged}</div></> : <span className="dim">—</span>) },
  { header: "Owner", cell: (h) => <Who actor={h.entitlement.owner} />, on: "wide" },
];
