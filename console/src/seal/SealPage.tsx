// The seal: what opens it, which keys there are, how far sealing again has come, and what changes it.
import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentence } from "../api/problem";
import type { Resealing, SealStatus } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { StateBadge } from "../shell/StateBadge";
import { close, rekey, rotateRoot, sealQuery } from "./queries";
import { percent, resealingLine, sealKind } from "./words";

export function SealPage() {
  const query = useQuery(sealQuery);
  const status = query.data;
  return (
    <Page title="Seal" lead="Every value is encrypted under keys that the database never holds in the clear. The seal is open while the server has them.">
      {!status && (query.error ? <ProblemLine error={query.error} /> : <Loading />)}
      {status && (
        <>
          <Section title="Now"><div className="sheet sheet-pad"><Status status={status} /></div></Section>
          <Acts resealing={status.resealing?.finished === false} />
        </>
      )}
    </Page>
  );
}

function Status({ status }: { status: SealStatus }) {
  return (
    <Facts
      pairs={[
        ["State", status.sealed ? <StateBadge tone="bad">sealed</StateBadge> : <StateBadge tone="good">open</StateBadge>],
        ["Because", status.because && <Prose text={sentence(status.because)} />],
        ["Opened by", sealKind(status.kind)],
        ["Shares", status.threshold && `${status.threshold} of ${status.shares ?? "?"} open it`],
        ["Root key", `number ${status.root_generation}`],
        ["Data key", `version ${status.data_key}`],
        ["Sealing again", status.resealing ? <ResealingBar resealing={status.resealing} /> : "never ordered"],
      ]}
    />
  );
}

function ResealingBar({ resealing }: { resealing: Resealing }) {
  const share = percent(resealing.done, resealing.total);
  const line = resealingLine(resealing);
  return (
    <div style={{ display: "grid", gap: 6, maxWidth: 420 }}>
      {!resealing.finished && (
        <Progress.Root size="lg">
          <Progress.Section value={share} color="pine" aria-label={`Sealing everything again under data key ${resealing.data_key}`} aria-valuetext={line} />
        </Progress.Root>
      )}
      <span>Under data key version {resealing.data_key}: {line}</span>
    </div>
  );
}

function Acts({ resealing }: { resealing: boolean }) {
  const mayRekey = useMay("seal.rekey");
  const maySeal = useMay("seal.seal");
  const [confirmed, setConfirmed] = useState<ConfirmedAct | null>(null);
  const [reasoned, setReasoned] = useState<ReasonedAct | null>(null);
  if (!mayRekey && !maySeal) return null;
  return (
    <>
      {mayRekey && (
        <Section title="Change the keys">
          <div className="sheet sheet-pad" style={{ display: "grid", gap: 14 }}>
            <Choice text={REKEY.consequence} verb="New data key" disabled={resealing} onAct={() => setConfirmed(REKEY)} />
            <Choice text={ROTATE_ROOT.consequence} verb="New root key" onAct={() => setConfirmed(ROTATE_ROOT)} />
          </div>
        </Section>
      )}
      {maySeal && (
        <Section title="Close the seal">
          <div className="sheet sheet-pad">
            <Choice text={SEAL.consequence} verb="Seal the server" isBad onAct={() => setReasoned(SEAL)} />
          </div>
        </Section>
      )}
      <ConfirmDialog act={confirmed} onClose={() => setConfirmed(null)} />
      <ReasonDialog act={reasoned} onClose={() => setReasoned(null)} />
    </>
  );
}

function Choice({ text, verb, isBad, disabled, onAct }: { text: React.ReactNode; verb: string; isBad?: boolean; disabled?: boolean; onAct: () => void }) {
  return (
    <div style={{ display: "flex", gap: 16, alignItems: "center", justifyContent: "space-between", flexWrap: "wrap" }}>
      <p style={{ flex: "1 1 320px", maxWidth: "70ch" }}>{text}</p>
      <Button variant={isBad ? "filled" : "default"} color={isBad ? "brick" : undefined} disabled={disabled} onClick={onAct}>{verb}</Button>
    </div>
  );
}

const REKEY: ConfirmedAct = {
  title: "Start a new data key",
  consequence: "What is sealed from now on uses a new data key, and everything older is sealed again under it in the background. The server works on meanwhile.",
  verb: "Start it",
  tone: "good",
  done: "A new data key is in use; everything is being sealed again.",
  act: rekey,
};

const ROTATE_ROOT: ConfirmedAct = {
  title: "Make a new root key",
  consequence: "A new root key wraps every data key. What opens the seal stays the same: key file, passphrase and shares go on working.",
  verb: "Make it",
  tone: "good",
  done: "A new root key wraps the data keys.",
  act: rotateRoot,
};

const SEAL: ReasonedAct = {
  title: "Seal the server",
  consequence: "Every live session ends, every key is forgotten, and nobody can sign in, you included. Nothing is answered until the seal is opened again by whoever can.",
  verb: "Seal it now",
  tone: "bad",
  done: "The server is closing its seal.",
  act: close,
};
