// An HR feed is read as a dry run first; the runs there were are below.
import { Button, FileButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, once, take } from "../api/client";
import { usePages } from "../api/pages";
import type { Import, ImportRun } from "../api/types";
import { ImportIcon } from "../icons";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { bytes, count, many } from "../time/format";
import { When } from "../time/When";
import { ImportState } from "./ImportState";
import "./imports.css";
import { Plan } from "./Plan";

export function ImportsPage() {
  const mayImport = useMay("identities.import");
  const list = usePages(["imports"], (after) => take(api.GET("/api/v1/imports", { params: { query: { after, limit: 25 } } })));
  return (
    <Page title="HR imports" lead="A feed is the whole list of people. First it is read without changing anything; you see what would happen, then apply it.">
      {mayImport && <Upload />}
      <Section title="Runs">
        <Listing label="Runs" columns={COLUMNS} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(i) => i.id}
          empty={{ title: "Nothing was imported yet" }} />
      </Section>
    </Page>
  );
}

function feed(csv: string, dryRun: boolean): Promise<ImportRun> {
  return take(
    api.POST("/api/v1/imports", {
      params: { query: dryRun ? { dry_run: true } : {} },
      headers: { "Content-Type": "text/csv", ...(dryRun ? {} : once()) },
      body: csv,
      bodySerializer: (body: string) => body,
    }),
  );
}

function Upload() {
  const client = useQueryClient();
  const [file, setFile] = useState<{ name: string; size: number; csv: string } | null>(null);
  const [over, setOver] = useState(false);
  const dry = useMutation({ mutationFn: (csv: string) => feed(csv, true) });
  const apply = useMutation({
    mutationFn: (csv: string) => feed(csv, false),
    onSuccess: () => client.invalidateQueries(),
  });
  const read = async (chosen: File | null | undefined) => {
    if (!chosen) return;
    const csv = await chosen.text();
    setFile({ name: chosen.name, size: chosen.size, csv });
    apply.reset();
    dry.mutate(csv);
  };
  const plan = apply.data ?? dry.data;
  return (
    <Section title="New feed">
      <div
        className="drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void read(event.dataTransfer.files[0]);
        }}
      >
        <ImportIcon size={24} />
        <div>{file ? <><b>{file.name}</b> <span className="dim">{bytes(file.size)}</span></> : "Drop a CSV file here, or"}</div>
        <FileButton onChange={(chosen) => void read(chosen)} accept=".csv,text/csv" inputProps={{ "aria-label": "HR feed as CSV file" }}>
          {(props) => <Button {...props} variant="default" loading={dry.isPending}>{file ? "Choose another file" : "Choose a file"}</Button>}
        </FileButton>
      </div>
      <div style={{ marginTop: 14, display: "grid", gap: 12 }}>
        <ProblemLine error={apply.error ?? dry.error} />
        {plan && file && (
          <Plan
            run={plan}
            action={
              plan.state === "planned" && (
                <Button loading={apply.isPending} disabled={dry.isPending} onClick={() => apply.mutate(file.csv)}>Apply this feed</Button>
              )
            }
          />
        )}
      </div>
    </Section>
  );
}

const COLUMNS: Column<Import>[] = [
  { header: "Run", cell: (i) => <Link className="link mono" to="/imports/$id" params={{ id: i.id }}>imp_…{i.id.slice(-8)}</Link> },
  { header: "Received", cell: (i) => <When at={i.received_at} show="absolute" /> },
  { header: "Records", cell: (i) => count(i.records), on: "wide" },
  {
    header: "Changes",
    on: "wide",
    cell: (i) => (
      <span className="counts-line">
        {[many(i.counts.joiners, "joiner"), many(i.counts.movers, "mover"), many(i.counts.leavers, "leaver")].join(", ")}
      </span>
    ),
  },
  { header: "State", cell: (i) => <ImportState state={i.state} /> },
];
