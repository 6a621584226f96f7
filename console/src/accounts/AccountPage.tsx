// One account under management: how it is managed, which credentials it had, and who had them in hand.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { CredentialVersion, ManagedAccount, Rotation } from "../api/types";
import { CheckoutsOf } from "../checkouts/CheckoutsOf";
import { Digest } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { targetsQuery } from "../targets/queries";
import { Who } from "../shell/Who";
import { duration } from "../time/format";
import { When } from "../time/When";
import { AccountActs } from "./AccountActs";
import { AccountState, Verified } from "./AccountState";
import { DependentsOf } from "./DependentsOf";
import { accountQuery, historyQuery, rotationsQuery } from "./queries";
import { causeOf, changedBy, every, kindName, rotationState, versionState } from "./words";

export function AccountPage() {
  const { id } = useParams({ from: "/frame/accounts/$id" });
  const query = useQuery(accountQuery(id));
  const history = useQuery(historyQuery(id));
  const rotations = useQuery(rotationsQuery(id));
  const account = query.data;
  if (!account) return <Page title="Account">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page
      title={`${account.login}@${account.target}`}
      lead={account.purpose}
      actions={!account.unmanaged_at && <AccountActs account={account} />}
    >
      <div className="grid-2">
        <Section title="Account"><div className="sheet sheet-pad"><About account={account} /></div></Section>
        <Section title="How it is managed"><div className="sheet sheet-pad"><Managed account={account} /></div></Section>
      </div>
      <Section title="Versions of its credential">
        <Listing label="Versions of the credential" columns={VERSIONS} rows={history.data?.items} error={history.error} rowKey={(v) => v.version}
          empty={{ title: "No credential was kept yet" }} />
      </Section>
      <Section title="Rotations">
        <Listing label="Rotations" columns={ROTATIONS} rows={rotations.data?.items} error={rotations.error} rowKey={(r) => r.id}
          empty={{ title: "It was never rotated" }} />
      </Section>
      <DependentsOf account={account} />
      <CheckoutsOf account={account} />
    </Page>
  );
}

function About({ account }: { account: ManagedAccount }) {
  return (
    <Facts
      pairs={[
        ["State", <AccountState account={account} />],
        ["Kind", kindName(account.kind)],
        ["Credential", `${kindName(account.credential)}${account.current ? `, version ${account.current}` : ""}`],
        ["Changed", <When at={account.changed_at} show="both" />],
        ["Last verified", <Verified account={account} />],
        ["Owner", <Who actor={account.owner} />],
        ["Managed since", <When at={account.managed_at} show="both" />],
        ["No longer managed", account.unmanaged_at && <When at={account.unmanaged_at} show="both" />],
        ["Account", <span className="mono">{account.id}</span>],
      ]}
    />
  );
}

function Managed({ account }: { account: ManagedAccount }) {
  const { pair, verifiable } = account;
  const targets = useQuery({ ...targetsQuery, enabled: useMay("targets.read") });
  const isOnHost = targets.data?.items.some((target) => target.name === account.target) ?? false;
  return (
    <Facts
      pairs={[
        ["Rotated", verifiable && every(account.rotate_every_seconds)],
        ["Next rotation", account.rotate_at && <When at={account.rotate_at} show="both" />],
        ["Verified", verifiable && every(account.verify_every_seconds)],
        ["Next check", account.verify_at && <When at={account.verify_at} show="both" />],
        ["Changed by", changedBy(account, isOnHost)],
        ["When it no longer logs in", verifiable && (account.reconcile === "automatic" ? "a new credential is set by itself" : "it stays as it is until somebody reconciles it")],
        ["When it leaks", verifiable && account.rotate_on_leak ? "it is rotated at once" : "a finding is raised, and somebody rotates it"],
        ["When files fall behind", account.dependents_behind === "roll_back" ? "after some tries the old password is set again" : "they are tried again until they hold the new password"],
        ["Password policy", account.credential === "password" && <span className="mono">{account.policy}</span>],
        ["Checked out", checkoutRules(account)],
        ["Takes turns with", pair && (
          <><Link className="link mono" to="/accounts/$id" params={{ id: pair.other }}>{pair.other}</Link>; {pair.handed_out ? "this one is handed out now" : "the other one is handed out now"}</>
        )],
      ]}
    />
  );
}

function checkoutRules(account: ManagedAccount): string {
  const rules = [
    account.max_checkout_seconds ? `for at most ${duration(account.max_checkout_seconds * 1000)}` : "for as long as the grant lasts",
    account.dual_control && "after a second person said yes",
    account.one_time && "and rotated afterwards",
  ];
  return rules.filter(Boolean).join(", ");
}

const VERSIONS: Column<CredentialVersion>[] = [
  { header: "Version", cell: (v) => <span className="mono">{v.version}</span> },
  { header: "State", cell: (v) => <Badge state={versionState(v)} /> },
  { header: "Public key", cell: (v) => (v.public_key ? <Digest text={v.public_key} length={30} /> : <span className="dim">—</span>), on: "wide" },
  { header: "Made", cell: (v) => <When at={v.made_at} show="absolute" /> },
  { header: "Verified", cell: (v) => <When at={v.verified_at} show="absolute" />, on: "wide" },
  { header: "Ended", cell: (v) => <When at={v.ended_at} show="absolute" />, on: "wide" },
];

const ROTATIONS: Column<Rotation>[] = [
  { header: "Ordered", cell: (r) => <When at={r.ordered_at} show="absolute" /> },
  { header: "Because", cell: (r) => causeOf(r.cause) },
  { header: "State", cell: (r) => <Badge state={rotationState(r.state)} /> },
  { header: "Attempts", cell: (r) => r.attempts, on: "wide" },
  { header: "Ended", cell: (r) => <When at={r.ended_at} show="absolute" />, on: "wide" },
  { header: "Last error", cell: (r) => <Trouble rotation={r} />, on: "wide" },
];

function Trouble({ rotation: { last_error, retry_at } }: { rotation: Rotation }) {
  if (!last_error) return <span className="dim">none</span>;
  return <><Prose text={last_error} />{retry_at && <span className="dim"> Next try <When at={retry_at} /></span>}</>;
}

function Badge({ state: [word, tone] }: { state: ReturnType<typeof versionState> }) {
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
