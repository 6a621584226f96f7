// Writes a new version of a secret, or the first one. What is typed lives in this drawer's own state and nowhere else.
import { ActionIcon, Button, Checkbox, Drawer, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CrossIcon } from "../icons";
import { Problem } from "../api/problem";
import { ProblemLine } from "../shell/ProblemLine";
import { isName, valueOf, type Row } from "./names";
import { merge, write } from "./queries";

type Target = { prefix: string } | { name: string; follows: number };

export function WriteDrawer({ target, onClose }: { target: Target | null; onClose: () => void }) {
  return (
    <Drawer opened={target !== null} onClose={onClose} size="lg" closeOnClickOutside={false} title={<b>{target && "name" in target ? "Write a new version" : "New secret"}</b>}>
      {target && <WriteForm target={target} onClose={onClose} />}
    </Drawer>
  );
}

function WriteForm({ target, onClose }: { target: Target; onClose: () => void }) {
  const isNew = "prefix" in target;
  const [name, setName] = useState(isNew ? target.prefix : target.name);
  const [purpose, setPurpose] = useState("");
  const [keepOthers, setKeepOthers] = useState(false);
  const [rows, setRows] = useState<Row[]>([{ key: "", value: "" }]);
  const client = useQueryClient();
  const run = useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const value = valueOf(rows);
      if ("problem" in value) throw new Problem(422, "invalid", value.problem);
      if (!isName(name.trim())) throw new Problem(422, "invalid", "a secret is called `SAFE/FOLDER/NAME`");
      if (isNew) return write(name.trim(), { data: value.data, cas: 0, purpose: purpose.trim() });
      return (keepOthers ? merge : write)(name, { data: value.data, cas: target.follows });
    },
    onSuccess: async ({ version }) => {
      notifications.show({ message: `Version ${version} of ${name} is kept.`, color: "pine" });
      onClose();
      await client.invalidateQueries({ queryKey: ["secrets"] });
    },
  });
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="lg">
        {isNew ? (
          <>
            <TextInput label="Name" description="SAFE/FOLDER/NAME" placeholder="prod/shop/database" required autoCapitalize="none" spellCheck={false} value={name}
              onChange={(event) => setName(event.currentTarget.value)} />
            <TextInput label="Purpose" description="What it is for. You answer for it until somebody else does." required value={purpose} onChange={(event) => setPurpose(event.currentTarget.value)} />
          </>
        ) : (
          <div>
            <div className="mono">{name}</div>
            <p className="dim" style={{ fontSize: 13.5 }}>Follows version {target.follows}; if somebody wrote another one meanwhile, yours is refused.</p>
          </div>
        )}
        <Rows rows={rows} onChange={setRows} />
        {!isNew && <Checkbox label="Keep the other keys as they are" checked={keepOthers} onChange={(event) => setKeepOthers(event.currentTarget.checked)} />}
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending}>Write</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Rows({ rows, onChange }: { rows: Row[]; onChange: (rows: Row[]) => void }) {
  const set = (at: number, change: Partial<Row>) => onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)));
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, display: "grid", gap: 10 }}>
      <legend style={{ fontWeight: 500, marginBottom: 8 }}>Keys and values</legend>
      {rows.map((row, i) => (
        <Group key={i} gap="xs" wrap="nowrap">
          <TextInput aria-label={`Key ${i + 1}`} placeholder="password" autoCapitalize="none" spellCheck={false} style={{ flex: 2 }} value={row.key}
            onChange={(event) => set(i, { key: event.currentTarget.value })} />
          <PasswordInput aria-label={`Value ${i + 1}`} autoComplete="new-password" style={{ flex: 3 }} value={row.value}
            onChange={(event) => set(i, { value: event.currentTarget.value })} />
          {rows.length > 1 && (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove row ${i + 1}`} onClick={() => onChange(rows.filter((_, at) => at !== i))}><CrossIcon /></ActionIcon>
          )}
        </Group>
      ))}
      <Button variant="subtle" size="compact-sm" style={{ justifySelf: "start" }} onClick={() => onChange([...rows, { key: "", value: "" }])}>Another key</Button>
    </fieldset>
  );
}
