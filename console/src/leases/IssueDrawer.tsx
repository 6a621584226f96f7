// Makes a credential on demand and shows it once. It lives in this drawer's own state and nowhere else.
import { Button, Drawer, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { choices, usual } from "../access/terms";
import type { IssuedLease } from "../api/types";
import { Account } from "../shell/Account";
import { Command } from "../shell/Copy";
import { ProblemLine } from "../shell/ProblemLine";
import { ShownOnce } from "../shell/ShownOnce";
import { absolute, minutes } from "../time/format";
import { issue } from "./queries";
import { clientCommand } from "./words";

interface Wanted {
  login: string;
  target: string;
  /** At most so long. */
  minutes: number;
}

export function IssueDrawer({ wanted, onClose }: { wanted: Wanted | null; onClose: () => void }) {
  return (
    <Drawer opened={wanted !== null} onClose={onClose} title={<b>Make a credential</b>} closeOnClickOutside={false}>
      {wanted && <IssueForm wanted={wanted} onClose={onClose} />}
    </Drawer>
  );
}

function IssueForm({ wanted, onClose }: { wanted: Wanted; onClose: () => void }) {
  const terms = choices(Math.max(1, wanted.minutes));
  const [length, setLength] = useState(() => terms[usual(terms)] ?? 1);
  const [issued, setIssued] = useState<IssuedLease | null>(null);
  const client = useQueryClient();
  const run = useMutation({
    gcTime: 0,
    // Returns nothing: what a mutation returns is kept with it.
    mutationFn: async () => setIssued(await issue({ service: wanted.target, login: wanted.login, minutes: length })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["leases"] }),
  });
  if (issued) return <Issued issued={issued} onClose={onClose} />;
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
          <Text size="sm" c="dimmed" mt={4}>A credential of your own is made at the service, and removed when its time is over or your grant ends.</Text>
        </div>
        <Select label="For how long" description="You can renew it while your grant lasts." data={terms.map((n) => ({ value: String(n), label: minutes(n) }))} value={String(length)}
          onChange={(value) => setLength(Number(value))} allowDeselect={false} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending}>Make it</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Issued({ issued: { lease, database_user: user }, onClose }: { issued: IssuedLease; onClose: () => void }) {
  return (
    <Stack gap="lg">
      {user && (
        <>
          <ShownOnce
            line="Shown once. Copy it now: Tenure does not keep it, so nobody can show it to you again."
            facts={[{ label: "User", value: user.user }, { label: "Password", value: user.password }]}
          />
          <Command text={clientCommand(user)} what="the command that connects" />
        </>
      )}
      <Text size="sm">It ends at {absolute(lease.ends_at)} unless you renew it under Leases.</Text>
      <Group justify="flex-end"><Button onClick={onClose}>{user ? "I have copied it" : "Close"}</Button></Group>
    </Stack>
  );
}
