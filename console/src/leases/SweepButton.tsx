// Searches one service now for credentials that no lease explains.
import { Button, type ButtonProps } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { sweep } from "./queries";
import { sweepLine } from "./words";

export function SweepButton({ service, size = "compact-sm" }: { service: string; size?: ButtonProps["size"] }) {
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  return (
    <>
      <Button size={size} variant="light" aria-label={`Sweep ${service}`} onClick={() => setAct(sweeping(service))}>Sweep</Button>
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function sweeping(service: string): ConfirmedAct {
  return {
    title: `Sweep ${service}`,
    consequence: `Tenure searches ${service} for credentials that bear its mark and that no lease explains, and removes them. It does so every hour by itself.`,
    verb: "Sweep now",
    tone: "good",
    act: async () => {
      const [line, isWell] = sweepLine(service, await sweep(service));
      notifications.show({ message: line, color: isWell ? "pine" : "brick" });
    },
  };
}
