// Opens a sealed server, share by share, without being signed in. A share is in its field only until it is sent.
import { Button, PasswordInput, Progress, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sentence } from "../api/problem";
import type { SealStatus } from "../api/types";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { Gate } from "../sign-in/Gate";
import { sealQuery, unseal } from "./queries";
import { percent, sharesLine } from "./words";

export function UnsealPage() {
  const query = useQuery({ ...sealQuery, refetchInterval: 2_000 });
  const status = query.data;
  useEffect(() => {
    document.title = "Sealed · Tenure";
  }, []);
  useEffect(() => {
    // Everything that was shown before is of a server that is no more: begin anew.
    if (status?.sealed === false) location.reload();
  }, [status?.sealed]);
  return (
    <Gate title="Tenure is sealed" lead="It holds no keys: nobody can sign in, and no secret leaves it, until the seal is opened.">
      <Stack gap="md">
        {status?.because && <p><Prose text={sentence(status.because)} /></p>}
        {query.error && !status && <ProblemLine error={query.error} />}
        {status?.sealed && (status.kind === "shamir" ? <Shares status={status} /> : <OnTheServer />)}
      </Stack>
    </Gate>
  );
}

function OnTheServer() {
  return (
    <p className="dim">
      It is opened on the server's own machine, with <code className="mono code">tenure seal unseal --local</code>. This page then goes on by itself.
    </p>
  );
}

function Shares({ status }: { status: SealStatus }) {
  const [share, setShare] = useState("");
  const client = useQueryClient();
  const keep = (answer: SealStatus) => client.setQueryData(sealQuery.queryKey, answer);
  const give = useMutation({
    gcTime: 0,
    mutationFn: () => unseal(share.trim(), status.nonce),
    onSuccess: keep,
    onSettled: () => setShare(""),
  });
  const line = sharesLine(status.progress, status.threshold);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate();
      }}
    >
      <Stack gap="md">
        <div role="status">
          <Progress.Root size="lg" mb={6}>
            <Progress.Section value={percent(status.progress, status.threshold ?? 0)} color="pine" aria-label="Shares given" aria-valuetext={line} />
          </Progress.Root>
          {line}
        </div>
        <PasswordInput label="Share of the unseal key" description="One at a time. It is sent to this server and kept nowhere else." required autoFocus
          autoComplete="off" spellCheck={false} value={share} onChange={(event) => setShare(event.currentTarget.value)} />
        {status.nonce && <p className="dim" style={{ fontSize: 13.5 }}>Attempt <span className="mono">{status.nonce}</span>: everybody who gives a share should see the same one.</p>}
        <ProblemLine error={give.error} />
        <Button type="submit" loading={give.isPending} disabled={share.trim() === ""}>Give this share</Button>
      </Stack>
    </form>
  );
}
