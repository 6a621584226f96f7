// What a person says about an account on a system: whose it is, that it is nobody's own, and that nothing is sent to it.
import { Button, Modal, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Identity, ObservedAccount } from "../api/types";
import { PersonSelect } from "../identities/PersonSelect";
import { ActForm } from "../shell/ActForm";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { link, protect, type Said } from "./queries";

export function AccountActs({ account }: { account: ObservedAccount }) {
  const [saying, setSaying] = useState(false);
  const [act, setAct] = useState<ReasonedAct | null>(null);
  return (
    <>
      {account.protection !== "built_in" && <Button variant="default" onClick={() => setAct(account.protection ? unprotecting(account) : protecting(account))}>{account.protection ? "End its protection" : "Protect it"}</Button>}
      <Button onClick={() => setSaying(true)}>Say whose it is</Button>
      <Modal opened={saying} onClose={() => setSaying(false)} title={<b>Whose is {account.login}@{account.system}?</b>}>
        {saying && <SayForm account={account} onClose={() => setSaying(false)} />}
      </Modal>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function SayForm({ account, onClose }: { account: ObservedAccount; onClose: () => void }) {
  const [kind, setKind] = useState("person");
  const [person, setPerson] = useState<Identity | null>(null);
  const [reason, setReason] = useState("");
  const said: Said = kind === "person" ? { identity: person?.id ?? "" } : { non_personal: true, ...(person ? { owner: person.id } : {}) };
  const complete = reason.trim() !== "" && (kind === "nobody" || person !== null);
  return (
    <ActForm verb="Say so" run={() => link(account.id, said, reason.trim())} done={kind === "person" ? `It is ${person?.name ?? ""}'s.` : "It is no person's own."} complete={complete} onClose={onClose}>
      <SegmentedControl aria-label="Whose it is" value={kind} onChange={setKind} data={[{ label: "A person's", value: "person" }, { label: "No person's own", value: "nobody" }]} />
      {kind === "person" ? (
        <PersonSelect label="Whose it is" description="When they leave, it goes with them." person={person} onChange={setPerson} />
      ) : (
        <PersonSelect label="Who answers for it" description="May be left out. When they leave, somebody else must." optional person={person} onChange={setPerson} />
      )}
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}

function protecting(account: ObservedAccount): ReasonedAct {
  return {
    title: `Protect ${account.login}@${account.system}`,
    consequence: "Nothing is sent to it from now on, whoever has it and whatever is ordered; what is ordered and not under way is withdrawn.",
    verb: "Protect it",
    tone: "good",
    done: `Nothing is sent to ${account.login}@${account.system} any more.`,
    act: (reason) => protect(account.id, true, reason),
  };
}

function unprotecting(account: ObservedAccount): ReasonedAct {
  return {
    title: `End the protection of ${account.login}@${account.system}`,
    consequence: "From now on it may be changed, disabled and deleted like any other account.",
    verb: "End its protection",
    tone: "bad",
    done: `${account.login}@${account.system} may be changed again.`,
    act: (reason) => protect(account.id, false, reason),
  };
}
