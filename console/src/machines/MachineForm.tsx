// The fields of a machine identity, in a drawer: to register one, to change what it is for, to give it a later end, to hand it
// over.
import { Drawer, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Machine } from "../api/types";
import { ActForm } from "../shell/ActForm";
import { change, extend, handOver, register } from "./queries";
import { ENVIRONMENTS } from "./words";

export type Act = { act: "register" } | { act: "change" | "extend" | "hand over"; machine: Machine };

const TITLES: Record<Act["act"], string> = {
  register: "Register a machine identity",
  change: "Change what it is for",
  extend: "Give it a later end",
  "hand over": "Hand it over",
};

export function MachineDrawer({ act, onClose }: { act: Act | null; onClose: () => void }) {
  return (
    <Drawer opened={act !== null} onClose={onClose} closeOnClickOutside={false} title={act && <b>{TITLES[act.act]}</b>}>
      {act?.act === "register" && <Register onClose={onClose} />}
      {act?.act === "change" && <Change machine={act.machine} onClose={onClose} />}
      {act?.act === "extend" && <Extend machine={act.machine} onClose={onClose} />}
      {act?.act === "hand over" && <HandOver machine={act.machine} onClose={onClose} />}
    </Drawer>
  );
}

function Register({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [purpose, setPurpose] = useState("");
  const [environment, setEnvironment] = useState<string | null>(null);
  const [days, setDays] = useState<number | string>(180);
  const run = () => register({ name: name.trim(), purpose: purpose.trim(), environment: environment ?? "", days: Number(days) });
  return (
    <ActForm verb="Register" run={run} done={`${name.trim()} is registered, and you answer for it.`} complete={name.trim() !== "" && purpose.trim() !== "" && environment !== null} onClose={onClose}>
      <TextInput label="Name" placeholder="shop-release" required autoCapitalize="none" spellCheck={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Purpose value={purpose} onChange={setPurpose} />
      <Environment value={environment} onChange={setEnvironment} />
      <Days value={days} onChange={setDays} />
    </ActForm>
  );
}

function Change({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const [purpose, setPurpose] = useState(machine.purpose);
  const [environment, setEnvironment] = useState<string | null>(machine.environment);
  const run = () => change(machine.id, { purpose: purpose.trim(), environment: environment ?? machine.environment });
  return (
    <ActForm verb="Change it" run={run} done={`Changed what ${machine.name} is for.`} complete={purpose.trim() !== ""} onClose={onClose}>
      <Purpose value={purpose} onChange={setPurpose} />
      <Environment value={environment} onChange={setEnvironment} description="It stays while the machine holds access or waits for some." />
    </ActForm>
  );
}

function Extend({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const [days, setDays] = useState<number | string>(180);
  return (
    <ActForm verb="Extend" run={() => extend(machine.id, Number(days))} done={`${machine.name} ends later.`} complete onClose={onClose}>
      <Days value={days} onChange={setDays} />
    </ActForm>
  );
}

function HandOver({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const [owner, setOwner] = useState("");
  const [reason, setReason] = useState("");
  const run = () => handOver(machine.id, { owner: owner.trim(), reason: reason.trim() });
  return (
    <ActForm verb="Hand over" run={run} done={`${machine.name} has another owner.`} complete={owner.trim() !== "" && reason.trim() !== ""} onClose={onClose}>
      <p>Its tokens are revoked at once, and it keeps only the grants that the new owner could ask for.</p>
      <TextInput label="New owner" description="A mail address." type="email" required autoComplete="off" value={owner} onChange={(event) => setOwner(event.currentTarget.value)} />
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}

function Purpose({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return <TextInput label="Purpose" description="What it does, so that somebody else understands it." required value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

function Environment({ value, onChange, description }: { value: string | null; onChange: (value: string | null) => void; description?: string }) {
  return <Select label="Environment" description={description ?? "It gets access to systems of this environment only."} required data={ENVIRONMENTS} value={value} onChange={onChange} allowDeselect={false} placeholder="choose" />;
}

function Days({ value, onChange }: { value: number | string; onChange: (value: number | string) => void }) {
  return <NumberInput label="Ends in" description="Days from now. It ends by itself; you are told before." min={1} max={3660} allowDecimal={false} suffix=" d" required value={value} onChange={onChange} />;
}
