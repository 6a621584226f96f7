// Says of an entitlement who answers for it, how risky it is and whether it may be asked for.
import { Checkbox, Drawer, NumberInput, Select, TextInput, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Entitlement } from "../api/types";
import { identityQuery } from "../identities/queries";
import { ActForm } from "../shell/ActForm";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { systemsQuery } from "../systems/queries";
import { describe, type Description } from "./queries";
import { RISK_NAMES } from "./words";

export interface Subject {
  describe: Entitlement | "new";
}

export function DescribeDrawer({ subject, onClose }: { subject: Subject | null; onClose: () => void }) {
  const isNew = subject?.describe === "new";
  return (
    <Drawer opened={subject !== null} onClose={onClose} closeOnClickOutside={false} title={<b>{isNew ? "Describe an entitlement" : "Change an entitlement"}</b>}>
      {subject && (subject.describe === "new" ? <Form owner="" onClose={onClose} /> : <Known entitlement={subject.describe} onClose={onClose} />)}
    </Drawer>
  );
}

/** The owner's mail address is what a declaration names, and the list does not tell it. */
function Known({ entitlement, onClose }: { entitlement: Entitlement; onClose: () => void }) {
  const mayRead = useMay("identities.read");
  const owner = useQuery({ ...identityQuery(entitlement.owner.id), enabled: mayRead });
  if (owner.isLoading) return <Loading />;
  return <Form known={entitlement} owner={owner.data?.email ?? ""} onClose={onClose} />;
}

const OVERRIDES = [
  { value: "system", label: "as the system says" },
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
];

function Form({ known, owner: mail, onClose }: { known?: Entitlement; owner: string; onClose: () => void }) {
  const systems = useQuery(systemsQuery);
  const [system, setSystem] = useState<string | null>(known?.system ?? null);
  const [slug, setSlug] = useState(known?.slug ?? "");
  const [owner, setOwner] = useState(mail);
  const [description, setDescription] = useState(known?.description ?? "");
  const [risk, setRisk] = useState(known?.risk ?? "low");
  const [privileged, setPrivileged] = useState(typeof known?.privileged === "boolean" ? (known.privileged ? "yes" : "no") : "system");
  const [why, setWhy] = useState(known?.privileged_why ?? "");
  const [requestable, setRequestable] = useState(known?.requestable ?? false);
  const [reason, setReason] = useState("");
  const [most, setMost] = useState<number | string>(known?.max_minutes ?? "");
  const run = () => {
    const said: Description = { system: system ?? "", slug: slug.trim(), owner: owner.trim(), description: description.trim(), risk, requestable };
    if (privileged !== "system") said.privileged = { is: privileged === "yes", why: why.trim() };
    if (requestable && most !== "") said.max_minutes = Number(most);
    return describe(said, reason.trim() || undefined);
  };
  const complete = system !== null && slug.trim() !== "" && owner.trim() !== "" && (privileged === "system" || why.trim() !== "");
  return (
    <ActForm verb={known ? "Change it" : "Describe it"} run={run} done={`${slug.trim()} on ${system ?? ""} is described.`} complete={complete} onClose={onClose}>
      {known ? <div className="mono">{known.slug} <span className="dim">on {known.system}</span></div> : (
        <>
          <Select label="System" required searchable data={systems.data?.items.map((each) => each.name) ?? []} value={system} onChange={setSystem} placeholder="choose" />
          <TextInput label="Entitlement" description="Its name on the system." required autoCapitalize="none" spellCheck={false} value={slug} onChange={(event) => setSlug(event.currentTarget.value)} />
        </>
      )}
      <TextInput label="Owner" description="A mail address. Answers for it and decides about it." type="email" required autoComplete="off" value={owner} onChange={(event) => setOwner(event.currentTarget.value)} />
      <TextInput label="Description" description="What somebody can do who has it." value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      <Select label="Risk" data={RISK_NAMES} value={risk} onChange={(value) => setRisk(value ?? "low")} allowDeselect={false} />
      <Select label="Privileged" data={OVERRIDES} value={privileged} onChange={(value) => setPrivileged(value ?? "system")} allowDeselect={false} />
      {privileged !== "system" && <TextInput label="Why" description="Stands in place of what the system says." required value={why} onChange={(event) => setWhy(event.currentTarget.value)} />}
      <Checkbox label="May be asked for" checked={requestable} onChange={(event) => setRequestable(event.currentTarget.checked)} />
      {requestable && <NumberInput label="At most" description="Minutes; as the policy says when it is left out." min={1} max={43_200} allowDecimal={false} suffix=" min" value={most} onChange={setMost} />}
      <Textarea label="Reason" description="Needed where more may be asked for than before, or where it is said to be not privileged. Goes into the ledger and is shown to auditors." autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}
