// A moment that may be left out, in the reader's time zone.
import { TextInput } from "@mantine/core";

interface MomentInputProps {
  label: string;
  description: string;
  /** As the field holds it; empty when it is left out. */
  value: string;
  onChange: (value: string) => void;
}

export function MomentInput({ label, description, value, onChange }: MomentInputProps) {
  return <TextInput type="datetime-local" label={label} description={description} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}
