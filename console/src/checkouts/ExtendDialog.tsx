// Asks for how much longer a checkout is needed.
import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Checkout } from "../api/types";
import { ProblemLine } from "../shell/ProblemLine";
import { minutes } from "../time/format";
import { extend } from "./queries";

const CHOICES = [5, 15, 30, 60, 120].map((n) => ({ value: String(n), label: minutes(n) }));

export function ExtendDialog({ checkout, onClose }: { checkout: Checkout | null; onClose: () => void }) {
  return (
    <Modal opened={checkout !== null} onClose={onClose} title={<b>Keep it longer</b>}>
      {checkout && <ExtendForm checkout={checkout} onClose={onClose} />}
    </Modal>
  );
}

function ExtendForm({ checkout, onClose }: { checkout: Checkout; onClose: () => void }) {
  const [length, setLength] = useState("15");
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => extend(checkout.id, Number(length)),
    onSuccess: async () => {
      notifications.show({ message: `${checkout.login}@${checkout.target} is yours for ${minutes(Number(length))} longer.`, color: "pine" });
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="md">
        <Select label="Longer by" description="Counted from when it is due now; never longer than your grant." data={CHOICES} value={length}
          onChange={(value) => setLength(value ?? "15")} allowDeselect={false} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Back</Button>
          <Button type="submit" loading={run.isPending}>Keep it longer</Button>
        </Group>
      </Stack>
    </form>
  );
}
