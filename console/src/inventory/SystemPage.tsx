// One system as it was read: how well it is known, what is wrong with reading it, and which entitlements it has.
import { Button, Drawer } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { lineOf, sentence } from "../api/problem";
import { usePages } from "../api/pages";
import type { Missing, ObservedEntitlement, SystemHealth } from "../api/types";
import { riskTone } from "../entitlements/words";
import { CompareButton } from "../plans/CompareButton";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { NotFound } from "../shell/Refused";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { count } from "../time/format";
import { When } from "../time/When";
import { MappingOf } from "./MappingOf";
import { Members } from "./Members";
import { acceptMissing, entitlementsPage, healthQuery, read, test } from "./queries";
import { SystemState } from "./SystemState";
import { entitlementKind, missingLine, systemKind } from "./words";

export function SystemPage() {
  const { name } = useParams({ from: "/frame/inventory/systems/$name" });
  const systems = useQuery({ ...healthQuery, refetchInterval: 5_000 });
  const mayRead = useMay("systems.write");
  const mayCompare = useMay("plans.confirm");
  if (!systems.data) return <Page title="System">{systems.error ? <ProblemLine error={systems.error} /> : <Loading />}</Page>;
  const health = systems.data.items.find((each) => each.system === name);
  if (!health) return <NotFound />;
  return (
    <Page title={health.system} lead={<SystemState health={health} />} actions={<>{mayCompare && health.whole_at && <CompareButton system={name} />}{mayRead && health.state !== "by_hand" && <Acts name={name} />}</>}>
      {health.trouble && <Trouble health={health} trouble={health.trouble} mayRead={mayRead} />}
      <Section title="As it was read" aside={<Link className="link" to="/inventory" search={{ system: name }}>Its accounts</Link>}>
        <div className="sheet sheet-pad"><About health={health} /></div>
      </Section>
      <MappingOf system={name} />
      <Entitlements system={name} />
    </Page>
  );
}

function About({ health }: { health: SystemHealth }) {
  return (
    <Facts
      pairs={[
        ["Kind", systemKind(health.kind)],
        ["Owner", health.owner && <Who actor={health.owner} />],
        ["Read to its end", health.whole_at ? <When at={health.whole_at} show="both" /> : "never"],
        ["Read last", health.changed_at && <When at={health.changed_at} show="both" />],
        ["Accounts", count(health.accounts)],
        ["Entitlements", count(health.entitlements)],
        ["Memberships", count(health.memberships)],
      ]}
    />
  );
}

function Trouble({ health, trouble, mayRead }: { health: SystemHealth; trouble: string; mayRead: boolean }) {
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const missing = health.missing;
  return (
    <Section title="Trouble" aside={health.trouble_since && <span className="dim">since <When at={health.trouble_since} show="both" /></span>}>
      <Notice tone="bad">
        <div><Prose text={sentence(trouble)} /></div>
        <div className="dim">{health.missing_is_accepted ? "What is missing counts as gone with the next whole reading that lacks no more." : "Nothing is concluded from a reading that broke off or looks cut off."}</div>
        {mayRead && !health.missing_is_accepted && missing && <Button variant="light" color="brick" onClick={() => setAct(acceptingMissing(health.system, missing))}>What is missing is gone</Button>}
      </Notice>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Section>
  );
}

function acceptingMissing(system: string, missing: Missing): ReasonedAct {
  const line = missingLine(missing);
  return {
    title: `What is missing on ${system} is gone`,
    consequence: `Missing are ${line}: with the next whole reading that counts as gone. If it lacks more, or sees the system otherwise, it waits again.`,
    verb: "It is gone",
    tone: "bad",
    done: `${line} of ${system} will be counted as gone with its next whole reading.`,
    act: (reason) => acceptMissing(system, missing, reason),
  };
}

function Acts({ name }: { name: string }) {
  const client = useQueryClient();
  const refused = (error: unknown) => notifications.show({ message: lineOf(error), color: "brick" });
  const testing = useMutation({ mutationFn: () => test(name), onSuccess: ({ says }) => notifications.show({ message: says, color: "pine" }), onError: refused });
  const reading = useMutation({
    mutationFn: () => read(name),
    onSuccess: async () => {
      notifications.show({ message: `${name} is being read.`, color: "pine" });
      await client.invalidateQueries({ queryKey: ["inventory"] });
    },
    onError: refused,
  });
  return (
    <>
      <Button variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>Reach it</Button>
      <Button loading={reading.isPending} onClick={() => reading.mutate()}>Read it now</Button>
    </>
  );
}

function Entitlements({ system }: { system: string }) {
  const [shown, setShown] = useState<ObservedEntitlement | null>(null);
  const list = usePages(["inventory", "entitlements", system], (after) => entitlementsPage(system, after));
  return (
    <Section title="Entitlements">
      <Listing label="Entitlements" columns={columns(setShown)} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(e) => e.id} empty={{ title: "No entitlement was read there" }} />
      <Drawer opened={shown !== null} onClose={() => setShown(null)} size="lg" title={shown && <b>Who has {shown.name}</b>}>{shown && <Members of={shown} />}</Drawer>
    </Section>
  );
}

const columns = (show: (entitlement: ObservedEntitlement) => void): Column<ObservedEntitlement>[] => [
  { header: "Entitlement", cell: (e) => <><span style={{ overflowWrap: "anywhere" }}>{e.name}</span>{e.slug !== e.name && <div className="dim mono">{e.slug}</div>}</> },
  { header: "Kind", cell: (e) => entitlementKind(e.kind), on: "wide" },
  { header: "Power", cell: (e) => (e.privileged ? <><StateBadge tone="warn">privileged</StateBadge><div className="dim wide-only" style={{ fontSize: 13.5 }}>{e.privileged}</div></> : <span className="dim">—</span>) },
  { header: "Risk", cell: (e) => (e.risk ? <StateBadge tone={riskTone(e.risk)}>{e.risk}</StateBadge> : <span className="dim">—</span>), on: "wide" },
  { header: "Owner", cell: (e) => <Who actor={e.owner} />, on: "wide" },
  { header: "Act", quiet: true, align: "number", cell: (e) => <Button size="compact-sm" variant="subtle" aria-label={`Who has ${e.name}`} onClick={() => show(e)}>Who has it</Button> },
];
