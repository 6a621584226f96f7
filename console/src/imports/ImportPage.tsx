// One run of an HR import.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { api, take } from "../api/client";
import { Loading } from "../shell/Loading";
import { Page } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { count } from "../time/format";
import { When } from "../time/When";
import "./imports.css";
import { Plan } from "./Plan";

export function ImportPage() {
  const { id } = useParams({ from: "/frame/imports/$id" });
  const run = useQuery({ queryKey: ["imports", id], queryFn: () => take(api.GET("/api/v1/imports/{id}", { params: { path: { id } } })) });
  return (
    <Page
      title="HR import"
      lead={run.data && <><span className="mono">{run.data.id}</span>, received <When at={run.data.received_at} show="both" />, {count(run.data.records)} records</>}
    >
      {run.data ? <Plan run={run.data} /> : run.error ? <ProblemLine error={run.error} /> : <Loading />}
    </Page>
  );
}
