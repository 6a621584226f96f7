// One request that waits for a decision: everything a careful approver wants to know, and the two answers.
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import type { AccessRequest } from "../api/types";
import { Account } from "../shell/Account";
import { Channels } from "../shell/Channels";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { minutes } from "../time/format";
import { When } from "../time/When";
import { approverLine } from "./approvers";

export function PendingCard({ request }: { request: AccessRequest }) {
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const path = { id: request.id };
  const what = `${request.login}@${request.target}`;
  const approve: ReasonedAct = {
    title: `Approve ${what} for ${request.beneficiary.name}`,
    consequence: `A grant for ${minutes(request.minutes)} is issued at once and ends by itself.`,
    verb: "Approve",
    tone: "good",
    done: `Approved: ${request.beneficiary.name} holds ${what} for ${minutes(request.minutes)}.`,
    act: (reason) => take(api.POST("/api/v1/requests/{id}/approve", { params: { path }, body: { reason } })),
  };
  const deny: ReasonedAct = {
    title: `Deny ${what} to ${request.requester.name}`,
    consequence: `${request.requester.name} sees your reason and may ask again.`,
    verb: "Deny",
    tone: "bad",
    done: `Denied: ${what} for ${request.requester.name}.`,
    act: (reason) => take(api.POST("/api/v1/requests/{id}/deny", { params: { path }, body: { reason } })),
  };
  return (
    <article className="sheet sheet-pad pending" aria-label={`${request.requester.name} asks for ${what}`}>
      <div className="pending-head">
        <h3>
          <Who actor={request.requester} /> asks {request.beneficiary.id !== request.requester.id && <>on behalf of <Who actor={request.beneficiary} /> </>}for <Account login={request.login} target={request.target} /> for{" "}
          <b className="nowrap">{minutes(request.minutes)}</b>
        </h3>
        <span className="dim"><When at={request.submitted_at} /></span>
      </div>
      <blockquote className="quote">{request.reason}</blockquote>
      <p className="dim pending-facts">
        Eligible by role <span className="mono">{request.role}</span> · <Channels channels={request.channels} /> ·{" "}
        <Link className="link" to="/requests/$id" params={{ id: request.id }}>details</Link>
      </p>
      {request.you_may_decide ? (
        <Group gap="xs" align="center">
          <Button size="sm" onClick={() => setAct(approve)}>Approve</Button>
          <Button size="sm" variant="default" onClick={() => setAct(deny)}>Deny</Button>
          {request.approvers.map((approver) => (
            <span key={approver.because} className="dim" style={{ fontSize: 13.5 }}>
              Yours to decide: <Prose text={`${approver.person ? "you are the person who" : "you are somebody who"} ${approver.because}.`} />
            </span>
          ))}
        </Group>
      ) : (
        <p className="dim" style={{ fontSize: 13.5 }}>
          <Prose text={[request.why_not && `You may not decide: ${request.why_not}.`, ...request.approvers.map(approverLine)].filter(Boolean).join(" ")} />
        </p>
      )}
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </article>
  );
}
