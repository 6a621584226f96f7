// A match case about an account on a system: the account beside the people whose it may be.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Identity, MatchCaseDetail } from "../api/types";
import { AccountActs } from "../inventory/AccountActs";
import { accountQuery, link } from "../inventory/queries";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { asRecord } from "./accounts";
import { CaseState } from "./CasesPage";
import { Comparison } from "./Comparison";

export function AccountCase({ of, account: id }: { of: MatchCaseDetail; account: string }) {
  const account = useQuery({ ...accountQuery(id), enabled: useMay("inventory.read") });
  const mayDecide = useMay("cases.decide");
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const isOpen = of.state === "open" && mayDecide;
  return (
    <Page
      title={`Whose account is ${of.key} on ${of.source}?`}
      lead={of.state === "open" ? "Your answer is kept: the same question is never asked again." : <><CaseState state={of.state} /> {of.identity && <>It is <Who actor={of.identity} />’s.</>}</>}
      actions={isOpen && account.data && <AccountActs account={account.data} />}
    >
      <Section title="Side by side" aside={<Link className="link" to="/inventory/accounts/$id" params={{ id }}>The account</Link>}>
        {account.error && <ProblemLine error={account.error} />}
        {account.isLoading && <div className="sheet sheet-pad"><Loading /></div>}
        {!account.isLoading && (
          <Comparison of={{ ...of, record: account.data ? asRecord(account.data) : null }} onChoose={isOpen ? (person) => setAct(linking(of, id, person)) : undefined} />
        )}
      </Section>
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Page>
  );
}

function linking(of: MatchCaseDetail, id: string, person: Identity): ReasonedAct {
  return {
    title: `${of.key}@${of.source} is ${person.name}'s`,
    consequence: "It is linked at once. What they should hold there is compared with what it has, and when they leave, it goes with them.",
    verb: "Link it",
    tone: "good",
    done: `${of.key}@${of.source} is ${person.name}'s.`,
    act: (reason) => link(id, { identity: person.id }, reason),
  };
}
