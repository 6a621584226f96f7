// A feed of a source: it is read as a dry run first, and applied when a person has seen what it would do.
import { Button, FileButton, Select } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ImportIcon } from "../icons";
import { useMay } from "../shell/me";
import { ProblemLine } from "../shell/ProblemLine";
import { sourcesQuery } from "../sources/queries";
import { bytes } from "../time/format";
import { Plan } from "./Plan";
import { feed } from "./queries";

interface Chosen {
  name: string;
  size: number;
  csv: string;
}

export function Upload({ source, onSource }: { source: string; onSource: (source: string) => void }) {
  const client = useQueryClient();
  const [file, setFile] = useState<Chosen | null>(null);
  const [over, setOver] = useState(false);
  const dry = useMutation({ mutationFn: ({ csv, of }: { csv: string; of: string }) => feed(csv, of, "dry run") });
  const apply = useMutation({
    mutationFn: (csv: string) => feed(csv, source, "apply"),
    onSuccess: () => client.invalidateQueries(),
  });
  const read = async (chosen: File | null | undefined) => {
    if (!chosen) return;
    const csv = await chosen.text();
    setFile({ name: chosen.name, size: chosen.size, csv });
    apply.reset();
    dry.mutate({ csv, of: source });
  };
  const choose = (other: string) => {
    onSource(other);
    apply.reset();
    if (file) dry.mutate({ csv: file.csv, of: other });
  };
  const plan = apply.data ?? dry.data;
  return (
    <>
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
        <SourceChoice source={source} onSource={choose} />
        <div>{file ? <><b>{file.name}</b> <span className="dim">{bytes(file.size)}</span></> : "Drop a CSV file here, or"}</div>
        <FileButton onChange={(chosen) => void read(chosen)} accept=".csv,text/csv" inputProps={{ "aria-label": "Feed as CSV file" }}>
          {(props) => <Button {...props} variant="default" loading={dry.isPending}>{file ? "Choose another file" : "Choose a file"}</Button>}
        </FileButton>
      </div>
      <div style={{ marginTop: 14, display: "grid", gap: 12 }}>
        <ProblemLine error={apply.error ?? dry.error} />
        {plan && file && !dry.error && (
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
    </>
  );
}

/** Only a source that takes files; one that is there without being declared is always the first. */
function SourceChoice({ source, onSource }: { source: string; onSource: (source: string) => void }) {
  const sources = useQuery({ ...sourcesQuery, enabled: useMay("sources.read") });
  const names = sources.data?.items.filter((each) => each.kind === "csv").map((each) => each.name) ?? [];
  if (names.length < 2 && names.includes(source)) return null;
  return <Select label="Feed of" w={240} data={[...new Set([...names, source])]} value={source} onChange={(value) => value && onSource(value)} allowDeselect={false} />;
}
