// The six digits of an authenticator app.
import { TextInput } from "@mantine/core";
import { mono } from "../shell/theme";

export function CodeInput({ value, onChange, description }: { value: string; onChange: (code: string) => void; description?: string }) {
  return (
    <TextInput
      label="6-digit code"
      description={description ?? "From your authenticator app"}
      required
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      maxLength={6}
      title="six digits"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replace(/\D/g, ""))}
      styles={{ input: { fontFamily: mono, fontSize: 18, letterSpacing: "0.3em" } }}
    />
  );
}
