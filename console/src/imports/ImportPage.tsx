// One import of a feed.
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { many } from "../time/format";
import { When } from "../time/When";
import "./imports.css";
import { Plan } from "./Plan";
import { importQuery } from "./queries";

export function ImportPage() {
  const { id } = useParams({ from: "/frame/imports/$id" });
  const run = useQuery(importQuery(id));
  const maySeeSources = useMay("sources.read");
  return (
    <Page
      title="Import"
      lead={
        run.data && (
          <>
            {many(run.data.records, "record")} of {maySeeSources ? <Link className="link mono" to="/sources/$name" params={{ name: run.data.source }}>{run.data.source}</Link> : <span className="mono">{run.data.source}</span>},
            received <When at={run.data.received_at} show="both" />
          </>
        )
      }
    >
      {run.data ? <Plan run={run.data} /> : run.error ? <ProblemLine error={run.error} /> : <Loading />}
    </Page>
  );
}
