// Compares a system with what it should hold, now.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lineOf } from "../api/problem";
import { compute } from "./queries";
import { outcomeLine } from "./words";

export function CompareButton({ system }: { system: string }) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => compute(system),
    onSuccess: async (outcome) => {
      const [line, tone] = outcomeLine(outcome, "compared");
      notifications.show({ message: line, color: tone === "good" ? "pine" : "brick" });
      await client.invalidateQueries({ queryKey: ["plans"] });
    },
    onError: (error) => notifications.show({ message: lineOf(error), color: "brick" }),
  });
  return <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>Compare {system} now</Button>;
}
