// Converts what was chosen, after showing what would come of it: who is given which role, what is refused, what would be
// held.
import { Checkbox, Drawer, NumberInput, Select, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ConversionRehearsal, StandingPrivilege } from "../api/types";
import { ActForm } from "../shell/ActForm";
import { Loading } from "../shell/Loading";
import { ProblemLine } from "../shell/ProblemLine";
import { convert, rehearsalQuery } from "./queries";
import { rolesOfAll } from "./words";

export function ConvertDrawer({ privileges, onClose }: { privileges: StandingPrivilege[] | null; onClose: () => void }) {
  return (
    <Drawer opened={privileges !== null} onClose={onClose} closeOnClickOutside={false} title={<b>To be had on request from now on</b>}>
      {privileges && <ConvertForm privileges={privileges} onClose={onClose} />}
    </Drawer>
  );
}

function ConvertForm({ privileges, onClose }: { privileges: StandingPrivilege[]; onClose: () => void }) {
  const roles = rolesOfAll(privileges);
  const [role, setRole] = useState<string | null>(roles[0] ?? null);
  const [hours, setHours] = useState<string | number>(24);
  const [reason, setReason] = useState("");
  const [letThrough, setLetThrough] = useState(false);
  const wanted = { memberships: privileges.map(({ id }) => id), role: role ?? undefined };
  const rehearsal = useQuery(rehearsalQuery(wanted));
  const isHeld = (rehearsal.data?.held_by.length ?? 0) > 0;
  const isRefused = rehearsal.data?.lines.some((line) => line.why_not !== null) ?? true;
  const complete = reason.trim() !== "" && Number(hours) > 0 && !isRefused;
  const run = () => convert(wanted, { reason: reason.trim(), within_minutes: Math.round(Number(hours) * 60), let_through: letThrough });
  return (
    <ActForm verb="Convert" tone="bad" run={run} done="They may ask for it; it is being taken away." complete={complete} onClose={onClose}>
      <Select label="Role by which it is asked for" description="Is given to whoever does not hold it yet." clearable data={roles} value={role} onChange={setRole} />
      {rehearsal.data ? <Outcome rehearsal={rehearsal.data} privileges={privileges} /> : rehearsal.error ? <ProblemLine error={rehearsal.error} /> : <Loading />}
      {isHeld && <Checkbox label="Let through what somebody else began" description="What a breaker holds is done when somebody else who may confirm plans converts the same within a day." checked={letThrough} onChange={(event) => setLetThrough(event.currentTarget.checked)} />}
      <NumberInput label="Hours until it is undone" description="What is not seen gone by then stands as before." min={1} max={168} value={hours} onChange={setHours} />
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}

function Outcome({ rehearsal, privileges }: { rehearsal: ConversionRehearsal; privileges: StandingPrivilege[] }) {
  const name = (id: string) => {
    const found = privileges.find((each) => each.id === id);
    return found ? `${found.entitlement_name ?? ""} of ${found.holder?.name ?? found.login} on ${found.system}` : id;
  };
  return (
    <div>
      {rehearsal.lines.map((line) => (
        <div key={line.membership} style={{ marginBottom: 6 }}>
          <b>{name(line.membership)}</b>
          <div className="dim" style={{ fontSize: 13.5 }}>
            {line.why_not ?? `is taken away; they may ask for it by ${line.role ?? ""}${line.gives_role ? ", which they are given" : ""}`}
          </div>
        </div>
      ))}
      {rehearsal.held_by.map((why) => <div key={why}>{why}</div>)}
    </div>
  );
}
