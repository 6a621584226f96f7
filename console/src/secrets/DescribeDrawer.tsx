// Changes what is known about a secret: what it is for, who answers for it, how its versions are kept. Never its value.
import { Button, Checkbox, Drawer, Group, NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SecretMetadata } from "../api/types";
import { Problem } from "../api/problem";
import { ProblemLine } from "../shell/ProblemLine";
import { customOf, customText } from "./names";
import { describe } from "./queries";

const DAY = 86_400;

export function DescribeDrawer({ secret, onClose }: { secret: SecretMetadata | null; onClose: () => void }) {
  return (
    <Drawer opened={secret !== null} onClose={onClose} closeOnClickOutside={false} title={<b>Edit what is known about it</b>}>
      {secret && <DescribeForm secret={secret} onClose={onClose} />}
    </Drawer>
  );
}

function DescribeForm({ secret, onClose }: { secret: SecretMetadata; onClose: () => void }) {
  const [purpose, setPurpose] = useState(secret.purpose);
  const [owner, setOwner] = useState("");
  const [kept, setKept] = useState<number | string>(secret.max_versions);
  const [days, setDays] = useState<number | string>((secret.delete_after_seconds ?? 0) / DAY);
  const [mustFollow, setMustFollow] = useState(secret.cas_required);
  const [custom, setCustom] = useState(customText(secret.custom));
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: async () => {
      const read = customOf(custom);
      if ("problem" in read) throw new Problem(422, "invalid", read.problem);
      return describe(secret.name, {
        purpose: purpose.trim(),
        owner: owner.trim() || undefined,
        max_versions: Number(kept),
        delete_after_seconds: Math.round(Number(days) * DAY),
        cas_required: mustFollow,
        custom: read.custom,
      });
    },
    onSuccess: async () => {
      notifications.show({ message: `Changed what is known about ${secret.name}.`, color: "pine" });
      onClose();
      await client.invalidateQueries({ queryKey: ["secrets"] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="lg">
        <div className="mono">{secret.name}</div>
        <TextInput label="Purpose" required value={purpose} onChange={(event) => setPurpose(event.currentTarget.value)} />
        <TextInput label="New owner" description={`A mail address. It stays with ${secret.owner.name} if you leave this out.`} type="email" autoComplete="off" value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)} />
        <NumberInput label="Versions kept" description="With the next write, older ones are destroyed." min={1} max={100} allowDecimal={false} value={kept} onChange={setKept} />
        <NumberInput label="A version lives for" description="Days after it was written; 0 for as long as it is kept. For versions written from now on." min={0} decimalScale={2} suffix=" d" value={days} onChange={setDays} />
        <Checkbox label="Each write must say which version it follows" checked={mustFollow} onChange={(event) => setMustFollow(event.currentTarget.checked)} />
        <Textarea label="More" description="One on a line, such as ticket: OPS-1432. Everybody who sees the name sees this: no secret belongs here." autosize minRows={2} spellCheck={false} value={custom}
          onChange={(event) => setCustom(event.currentTarget.value)} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending} disabled={purpose.trim() === ""}>Change it</Button>
        </Group>
      </Stack>
    </form>
  );
}
