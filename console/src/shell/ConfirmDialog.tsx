// Asks once more before an act that needs no reason, does it, and shows why it was refused.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemLine } from "./ProblemLine";

export interface ConfirmedAct {
  title: string;
  /** What will happen, in one sentence. */
  consequence: ReactNode;
  verb: string;
  tone: "good" | "bad";
  /** What is told afterwards, unless the act told it. */
  done?: string;
  act: () => Promise<unknown>;
}

export function ConfirmDialog({ act, onClose }: { act: ConfirmedAct | null; onClose: () => void }) {
  return (
    <Modal opened={act !== null} onClose={onClose} title={act && <b>{act.title}</b>}>
      {act && <ConfirmForm act={act} onClose={onClose} />}
    </Modal>
  );
}

function ConfirmForm({ act, onClose }: { act: ConfirmedAct; onClose: () => void }) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => act.act(),
    onSuccess: async () => {
      if (act.done) notifications.show({ message: act.done, color: act.tone === "good" ? "pine" : "gray" });
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm" component="div">{act.consequence}</Text>
      <ProblemLine error={run.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>Back</Button>
        <Button color={act.tone === "good" ? "pine" : "brick"} loading={run.isPending} onClick={() => run.mutate()} data-autofocus>{act.verb}</Button>
      </Group>
    </Stack>
  );
}
