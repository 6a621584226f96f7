// Takes the credential that somebody set at the system by hand. What is typed lives in this dialog's own state and nowhere else.
import { Button, Group, Modal, PasswordInput, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ManagedAccount } from "../api/types";
import { ProblemLine } from "../shell/ProblemLine";
import { give } from "./queries";
import { credentialLabel } from "./words";

export function GiveDialog({ account, onClose }: { account: ManagedAccount | null; onClose: () => void }) {
  return (
    <Modal opened={account !== null} onClose={onClose} closeOnClickOutside={false} title={<b>Give the one that was set by hand</b>}>
      {account && <GiveForm account={account} onClose={onClose} />}
    </Modal>
  );
}

function GiveForm({ account, onClose }: { account: ManagedAccount; onClose: () => void }) {
  const [value, setValue] = useState("");
  const client = useQueryClient();
  const what = `${account.login}@${account.target}`;
  const run = useMutation({
    gcTime: 0,
    mutationFn: () => give(account.id, value),
    onSuccess: async () => {
      notifications.show({ message: `A new version of ${what} is kept.`, color: "pine" });
      onClose();
      await client.invalidateQueries();
    },
  });
  const field = {
    label: credentialLabel(account.credential),
    required: true,
    autoComplete: "off",
    spellCheck: false,
    value,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => setValue(event.currentTarget.value),
  };
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm">Tenure keeps it as the next version of {what} and hands it out from now on. It changes nothing at the system.</Text>
        {isLong(account) ? <Textarea {...field} autosize minRows={4} maxRows={12} /> : <PasswordInput {...field} autoComplete="new-password" />}
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button type="submit" loading={run.isPending} disabled={value === ""}>Keep it</Button>
        </Group>
      </Stack>
    </form>
  );
}

function isLong({ credential }: ManagedAccount): boolean {
  return credential === "ssh_key" || credential === "certificate";
}
