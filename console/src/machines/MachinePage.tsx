// One machine identity: who answers for it, what it holds, its tokens and its history.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Grant, MachineDetail } from "../api/types";
import { GrantState } from "../grants/GrantState";
import { Account } from "../shell/Account";
import { Channels } from "../shell/Channels";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { useMay, useMe } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { MachineDrawer, type Act } from "./MachineForm";
import { MachineState } from "./MachineState";
import { MachineTokens } from "./MachineTokens";
import { end, machineQuery } from "./queries";

export function MachinePage() {
  const { id } = useParams({ from: "/frame/machines/$id" });
  const me = useMe();
  const query = useQuery(machineQuery(id));
  const mayManage = useMay("machines.manage");
  const machine = query.data;
  if (!machine) return <Page title="Machine">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  const mayChange = (mayManage || machine.owner.id === me.identity.id) && machine.state !== "ended";
  return (
    <Page title={machine.name} lead={machine.purpose} actions={mayChange && <Acts machine={machine} />}>
      <Section title="About it"><div className="sheet sheet-pad"><About machine={machine} /></div></Section>
      <Section title="Grants">
        <Listing label="Grants" columns={GRANTS} rows={machine.grants} rowKey={(g) => g.id}
          empty={{ title: "It holds nothing", hint: <>Its owner asks for it with <code>tenure request LOGIN@TARGET --machine {machine.name}</code>.</> }} />
      </Section>
      <MachineTokens machine={machine} mayRevoke={mayChange} />
      <Section title="History">
        <Listing label="History" columns={HISTORY} rows={machine.history.toReversed()} rowKey={(h) => h.from} empty={{ title: "Nothing has changed" }} />
      </Section>
    </Page>
  );
}

function About({ machine }: { machine: MachineDetail }) {
  return (
    <Facts
      pairs={[
        ["State", <MachineState machine={machine} />],
        [machine.state === "active" ? "Owner" : "Last owner", <Who actor={machine.owner} />],
        ["Environment", machine.environment],
        ["Registered", <When at={machine.registered_at} show="both" />],
        ["Taken over by", machine.deadline && <><When at={machine.deadline} show="both" />, or it ends</>],
        [machine.ended_at ? "Ended" : "Ends", <When at={machine.ended_at ?? machine.ends_at} show="both" />],
        ["Identity", <span className="mono">{machine.id}</span>],
      ]}
    />
  );
}

function Acts({ machine }: { machine: MachineDetail }) {
  const [act, setAct] = useState<Act | null>(null);
  const [ending, setEnding] = useState<ReasonedAct | null>(null);
  return (
    <>
      <Button variant="light" color="brick" onClick={() => setEnding(endingOf(machine))}>End it</Button>
      <Button variant="default" onClick={() => setAct({ act: "hand over", machine })}>Hand over</Button>
      <Button variant="default" onClick={() => setAct({ act: "change", machine })}>Edit</Button>
      <Button onClick={() => setAct({ act: "extend", machine })}>Extend</Button>
      <MachineDrawer act={act} onClose={() => setAct(null)} />
      <ReasonDialog act={ending} onClose={() => setEnding(null)} />
    </>
  );
}

function endingOf(machine: MachineDetail): ReasonedAct {
  return {
    title: `End ${machine.name}`,
    consequence: "Its grants, tokens and open requests go at once. It cannot be brought back, and nobody else can have its name.",
    verb: "End it for good",
    tone: "bad",
    done: `${machine.name} has ended.`,
    act: (reason) => end(machine.id, reason),
  };
}

const GRANTS: Column<Grant>[] = [
  { header: "Login", cell: (g) => <Link className="link" to="/grants/$id" params={{ id: g.id }}><Account login={g.login} target={g.target} /></Link> },
  { header: "For", cell: (g) => <Channels channels={g.channels} />, on: "wide" },
  { header: "Remaining", width: 220, on: "wide", cell: (g) => <TermBar term={{ from: g.from, until: g.until, endedAt: g.ended?.at }} label={`Time left on ${g.login}@${g.target}`} /> },
  { header: "State", cell: (g) => <GrantState grant={g} /> },
];

const HISTORY: Column<MachineDetail["history"][number]>[] = [
  { header: "Known from", cell: (h) => <When at={h.from} show="absolute" /> },
  { header: "Until", cell: (h) => (h.until ? <When at={h.until} show="absolute" /> : "now"), on: "wide" },
  { header: "Owner", cell: (h) => <Who actor={h.owner} /> },
  { header: "Purpose", cell: (h) => h.purpose, on: "wide" },
  { header: "Environment", cell: (h) => h.environment, on: "wide" },
  { header: "Ends", cell: (h) => <When at={h.ends_at} show="absolute" />, on: "wide" },
];
