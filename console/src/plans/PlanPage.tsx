// One plan, to be read before it is confirmed: what holds it, what it does, line by line, and what became of its orders.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { sentence } from "../api/problem";
import type { Plan } from "../api/types";
import "../imports/imports.css";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { count, many } from "../time/format";
import { When } from "../time/When";
import { LinesOf } from "./LinesOf";
import { OrdersOf } from "./OrdersOf";
import { PlanState } from "./PlanState";
import { confirm, planQuery } from "./queries";
import { effectLine, effects, outcomeLine } from "./words";

export function PlanPage() {
  const { id } = useParams({ from: "/frame/plans/$id" });
  const query = useQuery(planQuery(id));
  const plan = query.data;
  if (!plan) return <Page title="Plan">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={`Plan of ${plan.system}`} lead={<PlanState state={plan.state} />} actions={plan.state === "held" && <Answer plan={plan} />}>
      {plan.state === "held" && <Held plan={plan} />}
      <Section title="What it does">
        <div className="sheet sheet-pad" style={{ display: "grid", gap: 16 }}>
          <Effects plan={plan} />
          <Facts
            pairs={[
              ["System", <SystemLink name={plan.system} />],
              ["Computed", <When at={plan.computed_at} show="both" />],
              ["Let through", plan.released_at && <><When at={plan.released_at} show="both" /> {plan.confirmed_by ? <>by <Who actor={plan.confirmed_by} /></> : "by itself: no breaker held it"}</>],
              ["Left for a later plan", plan.more > 0 && many(plan.more, "step")],
            ]}
          />
        </div>
      </Section>
      <LinesOf plan={plan} />
      {plan.released_at && <OrdersOf plan={plan} />}
    </Page>
  );
}

function Held({ plan }: { plan: Plan }) {
  return (
    <Section title="Why it waits">
      <Notice tone="warn">
        {plan.held_because.map((why) => <div key={why}><Prose text={sentence(why)} /></div>)}
        <div className="dim">Nothing of it is done until a person confirms it.</div>
      </Notice>
    </Section>
  );
}

function Effects({ plan }: { plan: Plan }) {
  return (
    <dl className="counts">
      {effects(plan.counts).map(({ what, n }) => <div key={what}><dd>{count(n)}</dd><dt>{what}</dt></div>)}
    </dl>
  );
}

function Answer({ plan }: { plan: Plan }) {
  const mayConfirm = useMay("plans.confirm");
  const navigate = useNavigate();
  const [act, setAct] = useState<ReasonedAct | null>(null);
  if (!mayConfirm) return null;
  const carryOut = async (reason: string) => {
    const outcome = await confirm(plan.id, reason);
    const [line, tone] = outcomeLine(outcome, "confirmed");
    notifications.show({ message: line, color: tone === "good" ? "pine" : "brick" });
    if (outcome.plan && outcome.plan !== plan.id) await navigate({ to: "/plans/$id", params: { id: outcome.plan } });
  };
  return (
    <>
      <Button color="brick" onClick={() => setAct(confirming(plan, carryOut))}>Confirm and carry out</Button>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function confirming(plan: Plan, act: ReasonedAct["act"]): ReasonedAct {
  return {
    title: `Carry out the plan of ${plan.system}`,
    consequence: `On ${plan.system}: ${effectLine(plan.counts)}. It is computed once more; if it would do more than this, it is held again. Your name stands under it.`,
    verb: "Confirm and carry out",
    tone: "bad",
    act,
  };
}

function SystemLink({ name }: { name: string }) {
  const maySee = useMay("inventory.read");
  return maySee ? <Link className="link mono" to="/inventory/systems/$name" params={{ name }}>{name}</Link> : <span className="mono">{name}</span>;
}
