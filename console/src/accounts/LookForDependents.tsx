// Has a host searched for files that hold an account's password.
import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ManagedAccount } from "../api/types";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { findDependents } from "./queries";

export function LookForDependents({ account }: { account: ManagedAccount }) {
  const [host, setHost] = useState("");
  const [files, setFiles] = useState("");
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: () => findDependents(account.id, host.trim(), files.split(/\s+/).filter(Boolean)),
    onSuccess: () => client.invalidateQueries({ queryKey: ["accounts", account.id] }),
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); look.mutate(); }}>
      <Group gap="xs" align="end" mb="sm">
        <TextInput size="xs" label="Look on" placeholder="target, such as web-1" value={host} onChange={(e) => setHost(e.currentTarget.value)} />
        <TextInput size="xs" w={280} label="Also in these files or folders" placeholder="/srv/shop /etc/shop.toml" value={files} onChange={(e) => setFiles(e.currentTarget.value)} />
        <Button size="xs" type="submit" variant="default" disabled={host.trim() === ""} loading={look.isPending}>Look</Button>
      </Group>
      <ProblemLine error={look.error} />
      {look.data && (
        <p role="status">
          {look.data.items.length === 0 ? "Nothing there holds the password." : `${look.data.items.length} files there hold the password.`}
          {look.data.gaps.map((gap) => <span key={gap} className="dim"> Not looked at: <Prose text={gap} />.</span>)}
        </p>
      )}
    </form>
  );
}
