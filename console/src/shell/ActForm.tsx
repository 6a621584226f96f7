// The frame of a form in a drawer or a dialog: its fields, why it was refused, and the two answers.
import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemLine } from "./ProblemLine";

interface ActFormProps<T> {
  verb: string;
  tone?: "good" | "bad";
  run: () => Promise<T>;
  /** What is told afterwards. */
  done: string | ((answer: T) => string);
  complete: boolean;
  onClose: () => void;
  children: ReactNode;
}

export function ActForm<T>({ verb, tone = "good", run, done, complete, onClose, children }: ActFormProps<T>) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: run,
    onSuccess: async (answer) => {
      notifications.show({ message: typeof done === "string" ? done : done(answer), color: tone === "good" ? "pine" : "gray" });
      onClose();
      await client.invalidateQueries();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <Stack gap="lg">
        {children}
        <ProblemLine error={act.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" color={tone === "good" ? "pine" : "brick"} loading={act.isPending} disabled={!complete}>{verb}</Button>
        </Group>
      </Stack>
    </form>
  );
}
