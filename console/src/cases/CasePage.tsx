// One match case: the record beside the people whom it may mean, and the answer of a person.
import { Button, Modal, Stack, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Identity, MatchCaseDetail } from "../api/types";
import { PersonSelect } from "../identities/PersonSelect";
import { ActForm } from "../shell/ActForm";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { AccountCase } from "./AccountCase";
import { CaseState } from "./CasesPage";
import { Comparison } from "./Comparison";
import { caseQuery, decide } from "./queries";
import { answerOf } from "./words";

export function CasePage() {
  const { id } = useParams({ from: "/frame/cases/$id" });
  const query = useQuery(caseQuery(id));
  const mayDecide = useMay("cases.decide");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const [choosing, setChoosing] = useState(false);
  const found = query.data;
  if (!found) return <Page title="Match case">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  if (found.account) return <AccountCase of={found} account={found.account} />;
  const isOpen = found.state === "open" && mayDecide;
  return (
    <Page
      title={`Whose record is ${found.key}?`}
      lead={found.state === "open" ? "Your answer is applied at once and kept: the same question is never asked again." : <CaseState state={found.state} />}
      actions={
        isOpen && (
          <>
            <Button variant="default" onClick={() => setChoosing(true)}>Somebody else</Button>
            <Button variant="default" onClick={() => setAct(asNew(found))}>Somebody new</Button>
          </>
        )
      }
    >
      {found.state === "decided" && <Decided of={found} />}
      <Section title="Side by side"><Comparison of={found} onChoose={isOpen ? (person) => setAct(asPerson(found, person)) : undefined} /></Section>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
      <Modal opened={choosing} onClose={() => setChoosing(false)} title={<b>It is somebody else</b>}>
        {choosing && <Other of={found} onClose={() => setChoosing(false)} />}
      </Modal>
    </Page>
  );
}

function Decided({ of }: { of: MatchCaseDetail }) {
  return (
    <Section title="Decision">
      <div className="sheet sheet-pad">
        <Facts
          pairs={[
            ["The record is of", of.identity ? <Who actor={of.identity} /> : answerOf(of)],
            ["Decided by", <Who actor={of.decided_by} />],
            ["When", of.decided_at && <When at={of.decided_at} show="both" />],
          ]}
        />
      </div>
    </Section>
  );
}

function asPerson(of: MatchCaseDetail, person: Identity): ReasonedAct {
  return {
    title: `${of.key} is ${person.name}`,
    consequence: `From now on what ${of.source} says of ${of.key} counts for ${person.name}. They keep what they hold.`,
    verb: "Link it",
    tone: "good",
    done: `The record ${of.key} is ${person.name}'s.`,
    act: (reason) => decide(of.id, person.id, reason),
  };
}

function asNew(of: MatchCaseDetail): ReasonedAct {
  return {
    title: `${of.key} is somebody new`,
    consequence: "Somebody whom Tenure did not know joins, with nothing that the others hold.",
    verb: "Let them join",
    tone: "good",
    done: `${of.key} is somebody new.`,
    act: (reason) => decide(of.id, null, reason),
  };
}

function Other({ of, onClose }: { of: MatchCaseDetail; onClose: () => void }) {
  const [person, setPerson] = useState<Identity | null>(null);
  const [reason, setReason] = useState("");
  return (
    <ActForm verb="Link it" run={() => decide(of.id, person?.id ?? "", reason.trim())} done={`The record ${of.key} is ${person?.name ?? ""}'s.`} complete={person !== null && reason.trim() !== ""} onClose={onClose}>
      <Stack gap="md">
        <PersonSelect label="Whose record it is" person={person} onChange={setPerson} />
        <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      </Stack>
    </ActForm>
  );
}
