// Changes what a breaker lets through. Letting more through needs a reason.
import { Drawer, Group, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Breaker } from "../api/types";
import { ActForm } from "../shell/ActForm";
import { declare } from "./queries";
import { limitOf, measureName } from "./words";

export function BreakerDrawer({ breaker, onClose }: { breaker: Breaker | null; onClose: () => void }) {
  return (
    <Drawer opened={breaker !== null} onClose={onClose} closeOnClickOutside={false} title={breaker && <b>Change the breaker {breaker.name}</b>}>
      {breaker && <BreakerForm breaker={breaker} onClose={onClose} />}
    </Drawer>
  );
}

interface Typed {
  share: number | string;
  number: number | string;
}

function typed(limit: Breaker["per_run"] | undefined): Typed {
  const share = limit?.share;
  return { share: typeof share === "number" ? Number((share * 100).toFixed(2)) : "", number: limit?.number ?? "" };
}

function BreakerForm({ breaker, onClose }: { breaker: Breaker; onClose: () => void }) {
  const [run, setRun] = useState(() => typed(breaker.per_run));
  const [minutes, setMinutes] = useState<number | string>(breaker.window?.minutes ?? "");
  const [within, setWithin] = useState(() => typed(breaker.window?.limit));
  const [reason, setReason] = useState("");
  const save = () =>
    declare(
      {
        name: breaker.name,
        counts: breaker.counts,
        per_run: limitOf(run.share, run.number),
        ...(minutes === "" ? {} : { window: { minutes: Number(minutes), limit: limitOf(within.share, within.number) } }),
      },
      reason.trim(),
    );
  return (
    <ActForm verb="Change it" run={save} done={`The breaker ${breaker.name} holds as you said.`} complete onClose={onClose}>
      <p>Counts {measureName(breaker.counts)}. Of a share and a number the lower one holds; without either there is no limit.</p>
      <Limit legend="One plan may do" value={run} onChange={setRun} />
      <NumberInput label="All plans together, within" description="Minutes; no such limit when it is left out." min={1} max={525_600} allowDecimal={false} suffix=" min" value={minutes} onChange={setMinutes} />
      {minutes !== "" && <Limit legend="They may do" value={within} onChange={setWithin} />}
      <Textarea label="Reason" description="Needed where plans may do more than before. Goes into the ledger and is shown to auditors." autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}

function Limit({ legend, value, onChange }: { legend: string; value: Typed; onChange: (value: Typed) => void }) {
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontWeight: 500, marginBottom: 8 }}>{legend}</legend>
      <Group grow>
        <NumberInput aria-label={`${legend}: share of what there is`} placeholder="no share" min={0} max={100} decimalScale={2} suffix=" %" value={value.share} onChange={(share) => onChange({ ...value, share })} />
        <NumberInput aria-label={`${legend}: number`} placeholder="no number" min={0} allowDecimal={false} thousandSeparator="," value={value.number} onChange={(number) => onChange({ ...value, number })} />
      </Group>
    </fieldset>
  );
}
