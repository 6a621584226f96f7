// Destroys a secret with all of its versions, after its name was typed once more.
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ProblemLine } from "../shell/ProblemLine";
import { folderOf } from "./names";
import { remove } from "./queries";

export function RemoveDialog({ name, onClose }: { name: string | null; onClose: () => void }) {
  return (
    <Modal opened={name !== null} onClose={onClose} title={<b>Destroy the secret</b>}>
      {name && <RemoveForm name={name} onClose={onClose} />}
    </Modal>
  );
}

function RemoveForm({ name, onClose }: { name: string; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: () => remove(name, typed.trim()),
    onSuccess: async () => {
      notifications.show({ message: `${name} is destroyed.`, color: "gray" });
      onClose();
      await navigate({ to: "/secrets", search: { prefix: folderOf(name) } });
      client.removeQueries({ queryKey: ["secrets", "metadata", name] });
      await client.invalidateQueries({ queryKey: ["secrets"] });
    },
  });
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" component="div">Every version and everything known about it is destroyed and never comes back. What uses this secret gets an error from now on.</Text>
        <TextInput label="Its name once more" description={<>Type <span className="mono">{name}</span> to go on.</>} required autoCapitalize="none" spellCheck={false} data-autofocus value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button type="submit" color="brick" loading={run.isPending} disabled={typed.trim() !== name}>Destroy it for good</Button>
        </Group>
      </Stack>
    </form>
  );
}
