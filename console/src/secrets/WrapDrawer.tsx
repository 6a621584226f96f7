// Wraps one version for one delivery: a token that opens it once. The token is shown once.
import { Button, Drawer, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { WrappedSecret } from "../api/types";
import { ProblemLine } from "../shell/ProblemLine";
import { ShownOnce } from "../shell/ShownOnce";
import { absolute, minutes } from "../time/format";
import { wrap } from "./queries";

const TERMS = [5, 15, 60, 8 * 60, 24 * 60].map((n) => ({ value: String(n), label: minutes(n) }));

interface Target {
  name: string;
  version: number;
}

export function WrapDrawer({ target, onClose }: { target: Target | null; onClose: () => void }) {
  return (
    <Drawer opened={target !== null} onClose={onClose} closeOnClickOutside={false} title={<b>Wrap for delivery</b>}>
      {target && <WrapForm target={target} onClose={onClose} />}
    </Drawer>
  );
}

function WrapForm({ target, onClose }: { target: Target; onClose: () => void }) {
  const [term, setTerm] = useState("15");
  const [recipient, setRecipient] = useState("");
  const [wrapped, setWrapped] = useState<WrappedSecret | null>(null);
  const run = useMutation({
    gcTime: 0,
    // Returns nothing: what a mutation returns is kept with it.
    mutationFn: async () => setWrapped(await wrap(target.name, { version: target.version, ttl_seconds: Number(term) * 60, for: recipient.trim() || undefined })),
  });
  if (wrapped) {
    return (
      <Stack gap="lg">
        <ShownOnce line="Shown once. Whoever opens it first has it; if it was opened before it arrived, somebody else did." facts={[{ label: "Token", value: wrapped.token }]} />
        <Text size="sm">It opens {target.name}, version {wrapped.version}, once, until {absolute(wrapped.expires_at)}.</Text>
        <Group justify="flex-end"><Button onClick={onClose}>I have copied it</Button></Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="lg">
        <p><span className="mono">{target.name}</span>, version {target.version}</p>
        <Select label="Can be opened for" data={TERMS} value={term} onChange={(value) => setTerm(value ?? "15")} allowDeselect={false} />
        <TextInput label="Only for" description="A mail address. Whoever has the token may open it if you leave this out." type="email" autoComplete="off" value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending}>Wrap it</Button>
        </Group>
      </Stack>
    </form>
  );
}
