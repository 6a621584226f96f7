// A credential that is told once: whoever shows it forgets it when they close.
import { Input } from "@mantine/core";
import { useId } from "react";
import { Copy } from "./Copy";

export interface Once {
  label: string;
  value: string;
}

export function ShownOnce({ facts, line }: { facts: Once[]; line: string }) {
  return (
    <div role="status" style={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 12 }}>
      <p style={{ fontWeight: 600 }}>{line}</p>
      {facts.map((fact) => <Field key={fact.label} {...fact} />)}
    </div>
  );
}

function Field({ label, value }: Once) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <Input.Label id={id} labelElement="div">{label}</Input.Label>
      <div className="command">
        <code tabIndex={0} style={{ whiteSpace: "pre" }}>{value}</code>
        <Copy text={value} what={label.toLowerCase()} />
      </div>
    </div>
  );
}
