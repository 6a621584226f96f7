// Asks for a login: for how long, for which channels, and why.
import { Button, Checkbox, Drawer, Group, Slider, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, once, take } from "../api/client";
import type { Eligibility } from "../api/types";
import { approverName } from "../requests/approvers";
import { Account } from "../shell/Account";
import { channelName } from "../shell/Channels";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { absolute, minutes } from "../time/format";
import { useNow } from "../time/useNow";
import { choices, usual } from "./terms";

export function RequestDrawer({ eligibility, onClose }: { eligibility: Eligibility | null; onClose: () => void }) {
  return (
    <Drawer opened={eligibility !== null} onClose={onClose} title={<b>Request access</b>}>
      {eligibility && <RequestForm key={`${eligibility.login}@${eligibility.target}`} eligibility={eligibility} onClose={onClose} />}
    </Drawer>
  );
}

function RequestForm({ eligibility, onClose }: { eligibility: Eligibility; onClose: () => void }) {
  const terms = choices(eligibility.max_minutes);
  const [step, setStep] = useState(() => usual(terms));
  const [channels, setChannels] = useState<string[]>(eligibility.channels);
  const [reason, setReason] = useState("");
  const [idempotency] = useState(once);
  const label = useId();
  const now = useNow();
  const client = useQueryClient();
  const term = terms[step] ?? eligibility.max_minutes;

  const submit = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/v1/requests", {
          headers: idempotency,
          body: {
            target: eligibility.target,
            login: eligibility.login,
            minutes: term,
            channels,
            reason: reason.trim(),
          },
        }),
      ),
    onSuccess: async (request) => {
      const names = request.approvers.map(approverName).join(" or ");
      notifications.show({ message: names ? `Asked. ${names} will decide.` : "Asked.", color: "pine" });
      onClose();
      await client.invalidateQueries();
    },
  });

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <Stack gap="lg">
        <div>
          <div style={{ fontSize: 19 }}><Account login={eligibility.login} target={eligibility.target} /></div>
          <Text size="sm" c="dimmed" mt={4}><Prose text={eligibility.because} /></Text>
        </div>
        <div>
          <Group justify="space-between" align="baseline" mb={8}>
            <Text size="sm" fw={500} id={label}>For how long</Text>
            <Text fw={600} size="lg">{minutes(term)}</Text>
          </Group>
          <Slider
            aria-labelledby={label}
            thumbLabel="For how long"
            min={0}
            max={terms.length - 1}
            step={1}
            value={step}
            onChange={setStep}
            label={null}
            thumbValueText={(index) => minutes(terms[index] ?? 0)}
            marks={terms.map((_, value) => ({ value }))}
          />
          <Group justify="space-between" mt={8}>
            <Text size="xs" c="dimmed">{minutes(terms[0] ?? 0)}</Text>
            <Text size="xs" c="dimmed">at most {minutes(eligibility.max_minutes)}</Text>
          </Group>
          <Text size="sm" c="dimmed" mt={8}>
            If approved now, it ends at {absolute(new Date(now + term * 60_000).toISOString())}.
          </Text>
        </div>
        <Checkbox.Group label="Channels" description="Ask only for what the task needs." value={channels} onChange={setChannels} required>
          <Stack gap={8} mt={8}>
            {eligibility.channels.map((channel) => (
              <Checkbox key={channel} value={channel} label={channelName(channel)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Textarea
          label="Reason"
          description="What you will do and why, so that somebody else can judge it. Goes into the ledger."
          placeholder="Restart nginx after the certificate change, ticket OPS-1432"
          required
          autosize
          minRows={3}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemLine error={submit.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={submit.isPending} disabled={channels.length === 0 || reason.trim() === ""}>
            Request {minutes(term)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
