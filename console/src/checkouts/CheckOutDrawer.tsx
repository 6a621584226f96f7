// Takes an account's credential in hand and shows it once. It lives in this drawer's own state and nowhere else.
import { Button, Drawer, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { choices, usual } from "../access/terms";
import { credentialLabel } from "../accounts/words";
import type { CheckedOut } from "../api/types";
import { Account } from "../shell/Account";
import { ProblemLine } from "../shell/ProblemLine";
import { ShownOnce } from "../shell/ShownOnce";
import { absolute, minutes } from "../time/format";
import { checkOut } from "./queries";

export interface Wanted {
  target: string;
  login: string;
  /** At most so long. */
  minutes: number;
  /** The reason that was given already, when a second person has confirmed it. */
  given?: string;
}

export function CheckOutDrawer({ wanted, onClose }: { wanted: Wanted | null; onClose: () => void }) {
  return (
    <Drawer opened={wanted !== null} onClose={onClose} title={<b>Check out</b>} closeOnClickOutside={false}>
      {wanted && <CheckOutForm wanted={wanted} onClose={onClose} />}
    </Drawer>
  );
}

function CheckOutForm({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const terms = choices(Math.max(1, wanted.minutes));
  const [length, setLength] = useState(() => (wanted.given ? wanted.minutes : terms[usual(terms)] ?? 1));
  const [reason, setReason] = useState(wanted.given ?? "");
  const [answer, setAnswer] = useState<CheckedOut | null>(null);
  const client = useQueryClient();
  const run = useMutation({
    gcTime: 0,
    // Returns nothing: what a mutation returns is kept with it.
    mutationFn: async () => setAnswer(await checkOut({ target: wanted.target, login: wanted.login, minutes: length, reason: reason.trim() })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["checkouts"] }),
  });
  if (answer) return <Answered answer={answer} onClose={onClose} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="lg">
        <div>
          <div style={{ fontSize: 19 }}><Account login={wanted.login} target={wanted.target} /></div>
          <Text size="sm" c="dimmed" mt={4}>You see the credential itself. Return it when you are done; the account may then be given another.</Text>
        </div>
        <Select label="For how long" disabled={Boolean(wanted.given)} data={[...new Set([...terms, length])].map((n) => ({ value: String(n), label: minutes(n) }))} value={String(length)}
          onChange={(value) => setLength(Number(value))} allowDeselect={false} />
        <Textarea label="Reason" description="Goes into the ledger, and is shown to whoever has to confirm." required autosize minRows={3} disabled={Boolean(wanted.given)} value={reason}
          onChange={(event) => setReason(event.currentTarget.value)} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending} disabled={reason.trim() === ""}>Check out</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Answered({ answer: { checkout, given }, onClose }: { answer: CheckedOut; onClose: () => void }) {
  return (
    <Stack gap="lg">
      {given ? (
        <ShownOnce
          line="Shown once. Copy it now: when you close this, nobody can show it to you again."
          facts={[{ label: "Login", value: given.login }, { label: credentialLabel(given.kind), value: given.value }]}
        />
      ) : (
        <p role="status">A second person has to say yes first. When they have, take it under Checkouts.</p>
      )}
      {given && checkout.due_at && <Text size="sm">Return it by {absolute(checkout.due_at)}.</Text>}
      {!given && checkout.answer_by && <Text size="sm">They have until {absolute(checkout.answer_by)}.</Text>}
      <Group justify="flex-end"><Button onClick={onClose}>{given ? "I have copied it" : "Close"}</Button></Group>
    </Stack>
  );
}
