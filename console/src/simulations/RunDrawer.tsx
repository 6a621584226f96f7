// Declarations that are tried out on everybody: written or pasted, and nothing is declared by it.
import { Button, Drawer, Group, Stack, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ConfigurationFault } from "../api/types";
import { Notice } from "../shell/Notice";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { run } from "./queries";
import { placeLine } from "./words";

export function RunDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer opened={opened} onClose={onClose} size="lg" closeOnClickOutside={false} title={<b>Try declarations out</b>}>
      {opened && <RunForm />}
    </Drawer>
  );
}

const EXAMPLE = "kind: Role\nname: sre\nspec:\n  condition: 'principal.department == \"Platform\"'\n";

function RunForm() {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: () => run(text),
    onSuccess: async ({ simulation }) => {
      if (!simulation) return;
      await client.invalidateQueries({ queryKey: ["simulations"] });
      await navigate({ to: "/simulations/$id", params: { id: simulation.id } });
    },
  });
  const plan = attempt.data;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate();
      }}
    >
      <Stack gap="md">
        <p>It is computed for everybody who would gain or lose what. Nothing is declared, and nobody's access changes.</p>
        <Textarea label="Declarations" description="YAML as in files of configuration; what is not named stays as it is." placeholder={EXAMPLE} required autosize minRows={10} maxRows={24} data-autofocus
          styles={{ input: { fontFamily: "var(--mono)", fontSize: 13.5 } }} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <ProblemLine error={attempt.error} />
        {plan && plan.faults.length > 0 && <Faults faults={plan.faults} />}
        {plan && plan.faults.length === 0 && !plan.simulation && <Notice tone="plain">All of it is declared already.</Notice>}
        <Group justify="flex-end"><Button type="submit" loading={attempt.isPending} disabled={text.trim() === ""}>Compute for everybody</Button></Group>
      </Stack>
    </form>
  );
}

function Faults({ faults }: { faults: ConfigurationFault[] }) {
  return (
    <Notice tone="bad">
      {faults.map((fault) => (
        <div key={`${fault.line}:${fault.column}:${fault.problem}`}>
          {placeLine(fault) && <b>{placeLine(fault)}: </b>}
          <Prose text={`${fault.problem}: ${fault.remedy}`} />
        </div>
      ))}
    </Notice>
  );
}
