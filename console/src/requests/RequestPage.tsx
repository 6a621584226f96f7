// One request: what was asked, who may decide and why, what was decided.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Account } from "../shell/Account";
import { Channels } from "../shell/Channels";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { Who } from "../shell/Who";
import { minutes } from "../time/format";
import { When } from "../time/When";
import { approverName } from "./approvers";
import { PendingCard } from "./PendingCard";
import { requestQuery } from "./queries";
import "./requests.css";
import { RequestState } from "./RequestState";

export function RequestPage() {
  const { id } = useParams({ from: "/frame/requests/$id" });
  const query = useQuery(requestQuery(id));
  const request = query.data;
  if (!request) return <Page title="Request">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page
      title={`Request for ${request.login}@${request.target}`}
      lead={<RequestState state={request.state} />}
    >
      {request.state === "pending" && <Section title="Decision"><PendingCard request={request} /></Section>}
      <div className="grid-2">
        <Section title="What was asked">
          <div className="sheet sheet-pad">
            <Facts
              pairs={[
                ["Login", <Account login={request.login} target={request.target} />],
                ["Asked by", <Who actor={request.requester} />],
                ["For whom", request.beneficiary.id !== request.requester.id && <Who actor={request.beneficiary} />],
                ["Asked", <When at={request.submitted_at} show="both" />],
                ["For", minutes(request.minutes)],
                ["Channels", <Channels channels={request.channels} />],
                ["Reason", <blockquote className="quote">{request.reason}</blockquote>],
                ["Eligible by role", <span className="mono">{request.role}</span>],
                ["Request", <span className="mono">{request.id}</span>],
              ]}
            />
          </div>
        </Section>
        <Section title={request.decided_at ? "What was decided" : "Who may decide"}>
          <div className="sheet sheet-pad">
            <Facts
              pairs={[
                ["Decided", request.decided_at && <When at={request.decided_at} show="both" />],
                ["By", request.decided_by && <Who actor={request.decided_by} />],
                ["Reason", request.decision_reason && <blockquote className="quote">{request.decision_reason}</blockquote>],
                ["Grant", request.grant && <Link className="link" to="/grants/$id" params={{ id: request.grant }}>Read its story</Link>],
                ...request.approvers.map((a): [string, React.ReactNode] => [approverName(a), <Prose text={a.because} />]),
              ]}
            />
          </div>
        </Section>
      </div>
    </Page>
  );
}
