// How a machine identity stands.
import type { Machine } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { machineState } from "./words";

export function MachineState({ machine }: { machine: Machine }) {
  const [word, tone] = machineState(machine);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
