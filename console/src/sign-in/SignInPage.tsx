// Name, password, and the code of the moment.
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, take } from "../api/client";
import { ProblemLine } from "../shell/ProblemLine";
import { CodeInput } from "./CodeInput";
import { Gate } from "./Gate";

export function SignInPage() {
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");

  useEffect(() => {
    document.title = "Sign in · Tenure";
  }, []);

  const signIn = useMutation({
    mutationFn: () => take(api.POST("/api/v1/sign-in", { body: { name: name.trim(), password, code } })),
    onSuccess: () => {
      client.clear();
      router.history.push(next ?? "/");
    },
    onError: () => setCode(""),
  });

  return (
    <Gate title="Sign in" lead="With your password and your authenticator app.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput label="Mail address" required autoComplete="username" inputMode="email" autoFocus autoCapitalize="none" spellCheck={false} value={name}
            onChange={(event) => setName(event.currentTarget.value)} />
          <PasswordInput label="Password" required autoComplete="current-password" value={password}
            onChange={(event) => setPassword(event.currentTarget.value)} />
          <CodeInput value={code} onChange={setCode} />
          <ProblemLine error={signIn.error} />
          <Button type="submit" fullWidth loading={signIn.isPending}>Sign in</Button>
        </Stack>
      </form>
    </Gate>
  );
}
