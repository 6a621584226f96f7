// My registered SSH public keys.
import { Button, Group, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, once, take } from "../api/client";
import { Listing } from "../shell/Listing";
import { Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { When } from "../time/When";

const KEY = ["me", "ssh-keys"];

export function SshKeys() {
  const client = useQueryClient();
  const keys = useQuery({ queryKey: KEY, queryFn: () => take(api.GET("/api/v1/me/ssh-keys")) });
  const remove = useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/v1/me/ssh-keys/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Section title="SSH keys">
      <div style={{ display: "grid", gap: 14 }}>
        <ProblemLine error={remove.error} />
        <Listing
          label="SSH keys"
          rows={keys.data?.items}
          error={keys.error}
          rowKey={(k) => k.id}
          empty={{ title: "No key is registered", hint: "Register the public key of the machine that you work on." }}
          columns={[
            { header: "Name", cell: (k) => k.name },
            { header: "Fingerprint", cell: (k) => <span className="mono" style={{ overflowWrap: "anywhere" }}>{k.fingerprint}</span> },
            { header: "Registered", cell: (k) => <When at={k.registered_at} />, on: "wide" },
            {
              header: "Act",
              quiet: true,
              align: "number",
              cell: (k) => (
                <Button size="compact-sm" variant="subtle" color="brick" loading={remove.isPending && remove.variables === k.id}
                  aria-label={`Remove ${k.name}`} onClick={() => remove.mutate(k.id)}>Remove</Button>
              ),
            },
          ]}
        />
        <AddKey />
      </div>
    </Section>
  );
}

function AddKey() {
  const client = useQueryClient();
  const [line, setLine] = useState("");
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => take(api.POST("/api/v1/me/ssh-keys", { headers: once(), body: { name: name.trim(), public_key: line.trim() } })),
    onSuccess: async () => {
      setLine("");
      setName("");
      await client.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <form
      className="sheet sheet-pad"
      style={{ display: "grid", gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Textarea label="Public key" description="One line, such as the content of ~/.ssh/id_ed25519.pub" placeholder="ssh-ed25519 AAAA… alice@laptop" required autosize minRows={2}
        value={line} onChange={(e) => setLine(e.currentTarget.value)} />
      <Group align="flex-end" gap="sm">
        <TextInput label="Name" placeholder="laptop" required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button type="submit" variant="default" loading={add.isPending}>Register the key</Button>
      </Group>
      <ProblemLine error={add.error} />
    </form>
  );
}
