// A value on the screen: only when it is asked for, and gone again after half a minute or when the window loses the reader.
// It is held here and nowhere else.
import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SecretValue } from "../api/types";
import { Copy } from "../shell/Copy";
import { Facts } from "../shell/Facts";
import { ProblemLine } from "../shell/ProblemLine";
import { shownValue } from "./names";
import { read } from "./queries";

const SHOWN_FOR = 30_000;

export function Reveal({ name, version }: { name: string; version: number }) {
  const [value, setValue] = useState<SecretValue | null>(null);
  const run = useMutation({
    gcTime: 0,
    // Returns nothing: what a mutation returns is kept with it.
    mutationFn: async () => setValue(await read(name, version)),
  });
  useEffect(() => {
    if (!value) return;
    const hide = () => setValue(null);
    const timer = window.setTimeout(hide, SHOWN_FOR);
    window.addEventListener("blur", hide);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("blur", hide);
    };
  }, [value]);
  return (
    <div className="sheet sheet-pad" style={{ display: "grid", gap: 14 }}>
      <ProblemLine error={run.error} />
      {value ? <Shown value={value} /> : <p className="dim">Hidden. Showing it leaves evidence.</p>}
      <Group gap="xs">
        {value
          ? <Button variant="default" size="compact-md" onClick={() => setValue(null)}>Hide</Button>
          : <Button size="compact-md" loading={run.isPending} onClick={() => run.mutate()}>Reveal</Button>}
        {value && <span className="dim" style={{ fontSize: 13.5 }}>It hides by itself after 30 s, and when you leave this window.</span>}
      </Group>
    </div>
  );
}

function Shown({ value }: { value: SecretValue }) {
  return (
    <Facts
      pairs={Object.entries(value.data).map(([key, entry]): [string, React.ReactNode] => [
        key,
        <div className="command">
          <code tabIndex={0} style={{ whiteSpace: "pre" }}>{shownValue(entry)}</code>
          <Copy text={shownValue(entry)} what={key} />
        </div>,
      ])}
    />
  );
}
