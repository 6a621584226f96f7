// A grant's whole chain, from the HR record to the proven end, as an auditor reads it.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { api, take } from "../api/client";
import type { Grant, Session, Story } from "../api/types";
import { PrintIcon } from "../icons";
import { namesIn } from "../ledger/names";
import { grantSessionsQuery } from "../sessions/queries";
import { Loading } from "../shell/Loading";
import { useMay, useMe } from "../shell/me";
import { Page } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { useOwns } from "../shell/useOwns";
import { Who } from "../shell/Who";
import { day, duration, millis, minutes } from "../time/format";
import { Chapter } from "./Chapter";
import { EvidenceChapter } from "./EvidenceChapter";
import { GrantState } from "./GrantState";
import { Proofs } from "./Proofs";
import { storyQuery } from "./queries";
import "./story.css";
import { TermStrip } from "./TermStrip";

export function StoryPage() {
  const { id } = useParams({ from: "/frame/grants/$id" });
  const story = useQuery(storyQuery(id));
  const sessions = useQuery(grantSessionsQuery(id));
  if (!story.data) return <Page title="Story of a grant">{story.error ? <ProblemLine error={story.error} /> : <Loading rows={8} />}</Page>;
  return <Told story={story.data} sessions={sessions.data?.items ?? []} />;
}

function Told({ story, sessions }: { story: Story; sessions: Session[] }) {
  const { grant } = story;
  const names = useMemo(() => namesIn(story.chapters.flatMap((chapter) => chapter.lines), story.grant.holder), [story]);
  const ordered = useMemo(() => sessions.toSorted((a, b) => millis(a.started_at) - millis(b.started_at)), [sessions]);
  useEffect(() => {
    document.title = `${grant.login}@${grant.target} for ${grant.holder.name} · Tenure`;
  }, [grant]);
  return (
    <article className="page story">
      <header className="story-head">
        <div className="story-top">
          <GrantState grant={grant} />
          <span className="dim">{day(grant.issued_at)}</span>
          <span className="mono dim story-id">{grant.id}</span>
          <Acts grant={grant} />
        </div>
        <h1><Headline grant={grant} /></h1>
        <Words story={story} />
        <TermStrip grant={grant} sessions={ordered} />
        <Proofs story={story} sessions={ordered} />
      </header>
      <ol className="chapters">
        {story.chapters.map((chapter, i) => (
          <Chapter key={`${i} ${chapter.title}`} number={i + 1} chapter={chapter} sessions={ordered} names={names} />
        ))}
        <EvidenceChapter number={story.chapters.length + 1} story={story} />
      </ol>
    </article>
  );
}

function Headline({ grant }: { grant: Grant }) {
  const granted = minutes(Math.round((millis(grant.until) - millis(grant.from)) / 60_000));
  const held = grant.ended ? duration(millis(grant.ended.at) - millis(grant.from)) : null;
  return (
    <>
      <Who actor={grant.holder} /> {grant.ended ? "held" : "holds"} <span className="mono">{grant.login}</span> on{" "}
      <span className="mono">{grant.target}</span>{" "}
      {grant.ended?.cause === "expired" ? <>for its whole term of {granted}</> : held ? <>for {held} of {granted}</> : <>for {granted}</>}
    </>
  );
}

/** Why it was asked for, and why it was approved, in the words of the people. */
function Words({ story }: { story: Story }) {
  const lines = story.chapters.flatMap((chapter) => chapter.lines);
  const asked = lines.find((line) => line.kind === "request.submitted");
  const approved = lines.find((line) => line.kind === "request.approved");
  return (
    <div className="story-words">
      {[asked, approved].map((line) =>
        line?.personal["reason"] ? (
          <figure key={line.seq}>
            <blockquote>{line.personal["reason"]}</blockquote>
            <figcaption className="dim"><Who actor={line.actor} />, {line.kind === "request.submitted" ? "asking" : "approving"}</figcaption>
          </figure>
        ) : null,
      )}
    </div>
  );
}

function Acts({ grant }: { grant: Grant }) {
  const me = useMe();
  const any = useMay("grants.withdraw");
  const owns = useOwns();
  const mayWithdraw = any || me.identity.id === grant.holder.id || owns(grant.target);
  const [act, setAct] = useState<ReasonedAct | null>(null);
  const withdraw: ReasonedAct = {
    title: `Withdraw ${grant.login}@${grant.target} from ${grant.holder.name}`,
    consequence: "The grant ends now, and every live session on it within a second.",
    verb: "Withdraw",
    tone: "bad",
    done: `Withdrawn: ${grant.login}@${grant.target} from ${grant.holder.name}.`,
    act: (reason) => take(api.POST("/api/v1/grants/{id}/withdraw", { params: { path: { id: grant.id } }, body: { reason } })),
  };
  return (
    <Group gap="xs" className="page-actions">
      <Button variant="default" size="xs" leftSection={<PrintIcon size={15} />} onClick={() => window.print()}>Print</Button>
      {mayWithdraw && grant.state === "standing" && (
        <Button size="xs" color="brick" onClick={() => setAct(withdraw)}>Withdraw</Button>
      )}
      <ReasonDialog act={act} onClose={() => setAct(null)} />
    </Group>
  );
}
