// Everything that happened, newest first, and the checkpoint that covers it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, take } from "../api/client";
import { usePages } from "../api/pages";
import { Empty } from "../shell/Empty";
import { Command, Digest } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { count } from "../time/format";
import { EntryLine } from "./EntryLine";
import { namesIn } from "./names";

export function LedgerPage() {
  const entries = usePages(["ledger", "entries"], (after) =>
    take(api.GET("/api/v1/ledger/entries", { params: { query: { after, limit: 50 } } })),
  );
  const lines = entries.items;
const names = namesIn(lines ?? []);
  return (
    <Page title="Ledger" lead="Append-only. Every change is an entry, hashed into one Merkle tree; a checkpoint signs the whole of it.">
      <CheckpointSection />
      <Section title="Entries">
        {entries.error && <ProblemLine error={entries.error} />}
        {!lines && !entries.error && <div className="sheet sheet-pad"><Loading rows={8} /></div>}
        {lines?.length === 0 && <Empty title="The ledger is empty" />}
        {lines && lines.length > 0 && (
          <div className="sheet">
            <ol className="entries full" reversed>{lines.map((line) => <EntryLine key={line.seq} line={line} names={names} time="full" />)}</ol>
            {entries.more && (
              <div className="listing-foot">
                <Button variant="subtle" size="compact-sm" loading={entries.isFetching} onClick={entries.more}>
                  Show older
                </Button>
              </div>
            )}
          </div>
        )}
      </Section>
    </Page>
  );
}

function CheckpointSection() {
  const checkpoint = useQuery({ queryKey: ["ledger", "checkpoint"], queryFn: () => take(api.GET("/api/v1/ledger/checkpoint")) });
  return (
    <Section title="Checkpoint">
      {checkpoint.error ? <ProblemLine error={checkpoint.error} /> : (
        <div className="sheet sheet-pad">
          {!checkpoint.data ? <Loading rows={3} /> : (
            <>
              <Facts
                pairs={[
                  ["Entries", count(checkpoint.data.size)],
                  ["Root", <Digest text={checkpoint.data.root} length={64} />],
                  ["Verifier key", <Digest text={checkpoint.data.key} length={90} />],
                ]}
              />
              <p className="dim" style={{ margin: "14px 0 6px", fontSize: 13.5 }}>Check the whole of it yourself, trusting nothing here:</p>
              <Command text="tenure ledger verify" />
            </>
          )}
        </div>
      )}
    </Section>
  );
}
