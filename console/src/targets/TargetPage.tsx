// One target: how it is known, and every account that was found on it, privileged ones first.
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Account, Discovery } from "../api/types";
import { Digest } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { accountsQuery, discover, targetsQuery } from "./queries";
import "./targets.css";

export function TargetPage() {
  const { name } = useParams({ from: "/frame/targets/$name" });
  const targets = useQuery(targetsQuery);
  const target = targets.data?.items.find((each) => each.name === name);
  const accounts = useQuery(accountsQuery(name));
  const mayDiscover = useMay("targets.discover");
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: () => discover(name),
    onSuccess: () => client.invalidateQueries({ queryKey: ["targets"] }),
  });
  const privileged = accounts.data?.items.filter((account) => account.privileged);
  const others = accounts.data?.items.filter((account) => !account.privileged);
  return (
    <Page
      title={name}
      lead={target?.description}
      actions={mayDiscover && <Button variant="default" loading={look.isPending} onClick={() => look.mutate()}>Look for accounts now</Button>}
    >
      <ProblemLine error={look.error} />
      {look.data && <Seen report={look.data} />}
      <Section title="Target">
        <div className="sheet sheet-pad">
          {target ? (
            <Facts
              pairs={[
                ["Address", <span className="mono">{target.host}:{target.port}</span>],
                ["Host key", <Digest text={target.fingerprint} length={60} />],
                ["Pinned as", <Digest text={target.host_key} length={90} />],
                ["Ended credentials", target.reads_krl ? "refused at once: the host reads Tenure's revocation list" : "refused after at most two minutes, when the certificate dies"],
                ["Looked at as", <span className="mono">{target.discovery_login}</span>],
              ]}
            />
          ) : targets.error ? <ProblemLine error={targets.error} /> : targets.data ? "No target of this name is registered." : <Loading />}
        </div>
      </Section>
      <Section title="Privileged accounts">
        <Listing label="Privileged accounts" columns={COLUMNS} rows={privileged} error={accounts.error} rowKey={(a) => a.id}
          empty={{ title: "None was found yet", hint: mayDiscover ? "Look for accounts now." : undefined }} />
      </Section>
      {others && others.length > 0 && (
        <Section title="Other accounts that can be logged in to or hold a key">
          <Listing label="Other accounts" columns={COLUMNS.filter((c) => c.header !== "Privileged how")} rows={others} rowKey={(a) => a.id} empty={{ title: "None" }} />
        </Section>
      )}
    </Page>
  );
}

function Seen({ report }: { report: Discovery }) {
  const news: [string, string[]][] = [["Appeared", report.appeared], ["Changed", report.changed], ["Gone", report.gone]];
  return (
    <Section title="What this look found">
      <div className="sheet sheet-pad" role="status">
        <Facts
          pairs={[
            ["Accounts", report.accounts.length],
            ...news.map(([name, logins]): [string, React.ReactNode] => [name, logins.length > 0 ? <span className="mono">{logins.join(", ")}</span> : "none"]),
            ["Could not be read", report.gaps.length > 0 ? <ul className="plain-list">{report.gaps.map((gap) => <li key={gap}><Prose text={gap} /></li>)}</ul> : null],
          ]}
        />
      </div>
    </Section>
  );
}

const COLUMNS: Column<Account>[] = [
  {
    header: "Account",
    cell: (a) => <><span className="mono" style={{ fontWeight: 600 }}>{a.login}</span> {a.gone_at && <StateBadge tone="plain">gone from the host</StateBadge>}</>,
  },
  { header: "Privileged how", cell: (a) => <ul className="plain-list how">{a.how.map((line) => <li key={line}>{line}</li>)}</ul> },
  { header: "Keys", cell: (a) => <Keys account={a} />, on: "wide" },
  { header: "Log-in", cell: (a) => (a.login_possible ? "possible" : <span className="dim">not possible</span>), on: "wide" },
  { header: "Last used", cell: (a) => (a.last_login ? <When at={a.last_login} /> : <span className="dim">never seen</span>) },
  { header: "Known since", cell: (a) => <When at={a.first_seen_at} />, on: "wide" },
];

function Keys({ account }: { account: Account }) {
  if (account.keys.length === 0) return <span className="dim">none</span>;
  return (
    <ul className="plain-list">
      {account.keys.map((key) => {
        const text = (name: string) => (typeof key[name] === "string" ? key[name] : "");
        const options = Array.isArray(key["options"]) ? key["options"].map(String) : [];
        return (
          <li key={`${text("file")} ${String(key["line"])}`} title={`${text("fingerprint")}, line ${String(key["line"])} of ${text("file")}`}>
            {text("comment") || <span className="mono">{text("fingerprint").slice(0, 18)}…</span>}{" "}
            <span className="dim">{[text("key_type"), ...options].join(", ")}</span>
          </li>
        );
      })}
    </ul>
  );
}
