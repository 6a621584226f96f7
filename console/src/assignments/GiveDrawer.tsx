// Gives somebody a role or an entitlement, with a reason and, best, an end.
import { Drawer, SegmentedControl, Select, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Entitlement, Identity } from "../api/types";
import { entitlementsQuery } from "../entitlements/queries";
import { PersonSelect } from "../identities/PersonSelect";
import { ActForm } from "../shell/ActForm";
import { moment } from "../time/local";
import { MomentInput } from "../time/MomentInput";
import { rolesQuery } from "../systems/queries";
import { give, type NewAssignment } from "./queries";

/** To the person whose page it is, or to anybody. */
export function GiveDrawer({ to, onClose }: { to: Identity | "anybody" | null; onClose: () => void }) {
  return (
    <Drawer opened={to !== null} onClose={onClose} closeOnClickOutside={false} title={<b>Give a role or an entitlement</b>}>
      {to && <GiveForm to={to} onClose={onClose} />}
    </Drawer>
  );
}

function GiveForm({ to, onClose }: { to: Identity | "anybody"; onClose: () => void }) {
  const [person, setPerson] = useState(to === "anybody" ? null : to);
  const [kind, setKind] = useState("role");
  const [what, setWhat] = useState<string | null>(null);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const roles = useQuery(rolesQuery);
  const entitlements = useQuery(entitlementsQuery);
  const choices = kind === "role" ? (roles.data?.items.map(({ name }) => name) ?? []) : (entitlements.data?.items.map((each) => ({ value: keyOf(each), label: `${each.slug} on ${each.system}` })) ?? []);
  const run = () => give({ identity: person?.id ?? "", ...chosen(kind, what, entitlements.data?.items ?? []), at: moment(from), until: moment(until), reason: reason.trim() });
  return (
    <ActForm verb="Give" run={run} done={`Given to ${person?.name ?? ""}.`} complete={person !== null && what !== null && reason.trim() !== ""} onClose={onClose}>
      {to === "anybody" ? <PersonSelect label="To whom" person={person} onChange={setPerson} /> : <div>To <b>{to.name}</b></div>}
      <SegmentedControl
        aria-label="What"
        value={kind}
        onChange={(value) => {
          setKind(value);
          setWhat(null);
        }}
        data={[{ label: "A role", value: "role" }, { label: "An entitlement", value: "entitlement" }]}
      />
      <Select key={kind} label={kind === "role" ? "Role" : "Entitlement"} required searchable placeholder="choose" nothingFoundMessage="None matches" data={choices} value={what} onChange={setWhat} />
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <MomentInput label="From" description="Now when it is left out." value={from} onChange={setFrom} />
      <MomentInput label="Until" description="Until a person takes it back when it is left out." value={until} onChange={setUntil} />
    </ActForm>
  );
}

function keyOf({ system, slug }: Entitlement): string {
  return `${system} ${slug}`;
}

function chosen(kind: string, what: string | null, entitlements: readonly Entitlement[]): Pick<NewAssignment, "role" | "system" | "entitlement"> {
  if (kind === "role") return { role: what ?? "" };
  const found = entitlements.find((each) => keyOf(each) === what);
  return { system: found?.system, entitlement: found?.slug };
}
