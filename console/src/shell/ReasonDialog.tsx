// Asks for the reason of an act that is hard to take back, does it, and shows why it was refused.
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { ProblemLine } from "./ProblemLine";

export interface ReasonedAct {
  title: string;
  /** What will happen, in one sentence. */
  consequence: ReactNode;
  verb: string;
  tone: "good" | "bad";
  /** What is told afterwards, unless the act told it. */
  done?: string;
  act: (reason: string) => Promise<unknown>;
}

export function ReasonDialog({ act, onClose }: { act: ReasonedAct | null; onClose: () => void }) {
  return (
    <Modal opened={act !== null} onClose={onClose} title={act && <b>{act.title}</b>}>
      {act && <ReasonForm act={act} onClose={onClose} />}
    </Modal>
  );
}

function ReasonForm({ act, onClose }: { act: ReasonedAct; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const form = useId();
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => act.act(reason.trim()),
    onSuccess: async () => {
      if (act.done) notifications.show({ message: act.done, color: act.tone === "good" ? "pine" : "gray" });
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <form
      id={form}
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" component="div">{act.consequence}</Text>
        <Textarea
          label="Reason"
          description="Goes into the ledger and is shown to auditors."
          required
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button type="submit" color={act.tone === "good" ? "pine" : "brick"} loading={run.isPending} disabled={reason.trim() === ""}>
            {act.verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
