// The last chapter: a file that proves all of this to somebody who trusts nothing here.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Story } from "../api/types";
import { DownloadIcon, SealIcon } from "../icons";
import { keyName } from "../ledger/keyName";
import { Command, Copy, Digest } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { download } from "../shell/download";
import { useMay } from "../shell/me";
import { ProblemLine } from "../shell/ProblemLine";
import { count } from "../time/format";
import { evidence } from "./queries";

export function EvidenceChapter({ number, story }: { number: number; story: Story }) {
  const mayExport = useMay("evidence.export");
  const { grant, checkpoint } = story;
  const file = `${grant.id}.evidence.json`;
  const seqs = story.chapters.flatMap((chapter) => chapter.lines.map((line) => line.seq));
  const save = useMutation({ mutationFn: () => evidence(grant.id), onSuccess: (bundle) => download(bundle, file) });
  return (
    <li className="chapter">
      <div className="chapter-node" data-seal><SealIcon size={17} /></div>
      <header className="chapter-head">
        <h2><span className="sr-only">Chapter {number}: </span>Evidence</h2>
        {mayExport && (
          <Button className="no-print" size="compact-sm" leftSection={<DownloadIcon size={15} />} loading={save.isPending} onClick={() => save.mutate()}>
            Download bundle
          </Button>
        )}
      </header>
      <div className="sheet sheet-pad evidence">
        <ProblemLine error={save.error} />
        <Facts
          pairs={[
            ["Entries", seqs.length > 0 && <>{count(new Set(seqs).size)} in this story, <span className="mono">#{Math.min(...seqs)}</span> to <span className="mono">#{Math.max(...seqs)}</span></>],
            ["Checkpoint", <>{count(checkpoint.size)} entries, root <Digest text={checkpoint.root} length={24} /></>],
            ["Signed by", <span style={{ display: "inline-flex", alignItems: "center", gap: 4 }}><span className="mono">{keyName(checkpoint.key)}</span><Copy text={checkpoint.key} what="the verifier key" /></span>],
          ]}
        />
        <p className="dim">
          The bundle holds these entries with their proofs, the openings of the personal values and the recordings. Check it offline, with a key that
          you know from elsewhere:
        </p>
        <Command text={`tenure evidence verify ${file} --key '${checkpoint.key}'`} />
      </div>
    </li>
  );
}
