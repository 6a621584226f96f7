// First sign-in by a one-time link. The token stays in the fragment, which browsers send to nobody.
import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, take } from "../api/client";
import { Copy } from "../shell/Copy";
import { Loading } from "../shell/Loading";
import { ProblemLine } from "../shell/ProblemLine";
import { CodeInput } from "../sign-in/CodeInput";
import { Gate } from "../sign-in/Gate";
import { groups, secretOf } from "./otpauth";
import { QrCode } from "./QrCode";

export function SetupPage() {
  const token = useRouterState({ select: (s) => s.location.hash });
  useEffect(() => {
    document.title = "Set up · Tenure";
  }, []);
  const begun = useQuery({
    queryKey: ["setup", token],
    queryFn: () => take(api.POST("/api/v1/setup/begin", { body: { token } })),
    enabled: token !== "",
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });

  if (token === "") {
    return <Gate title="Set up" lead="Open the whole one-time link that you were given; its last part is missing.">{null}</Gate>;
  }
  if (begun.error) {
    return (
      <Gate title="Set up" lead="This link cannot be used. An administrator can make a new one.">
        <ProblemLine error={begun.error} />
      </Gate>
    );
  }
  if (!begun.data) return <Gate title="Set up" lead="Reading your link …"><Loading rows={3} /></Gate>;
  return (
    <Gate title={`Welcome, ${begun.data.name}`} lead="Two things make your sign-in: a password and an authenticator app.">
      <SetupForm token={token} otpauth={begun.data.otpauth_uri} name={begun.data.name} />
    </Gate>
  );
}

function SetupForm({ token, otpauth, name }: { token: string; otpauth: string; name: string }) {
  const router = useRouter();
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [code, setCode] = useState("");
  const secret = secretOf(otpauth);
  const differs = again !== "" && again !== password;
  const complete = useMutation({
    mutationFn: () => take(api.POST("/api/v1/setup/complete", { body: { token, password, code } })),
    onSuccess: () => {
      client.clear();
      router.history.replace("/");
    },
    onError: () => setCode(""),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!differs) complete.mutate();
      }}
    >
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Stack gap="md">
        <div className="gate-qr">
          <QrCode text={otpauth} label="QR code for your authenticator app" />
          <div>
            <p style={{ marginBottom: 8 }}>Scan this with your authenticator app, or type the key:</p>
            <span className="mono" style={{ overflowWrap: "anywhere" }}>{groups(secret)}</span>
            <Copy text={secret} what="the key" />
          </div>
        </div>
        <PasswordInput label="New password" description="Long is better than complicated." required autoComplete="new-password" value={password}
          onChange={(event) => setPassword(event.currentTarget.value)} />
        <PasswordInput label="The same password again" required autoComplete="new-password" value={again}
          error={differs ? "The two passwords differ." : undefined} onChange={(event) => setAgain(event.currentTarget.value)} />
        <CodeInput value={code} onChange={setCode} description="From the app, to show that it works" />
        <ProblemLine error={complete.error} />
        <Button type="submit" fullWidth loading={complete.isPending} disabled={differs}>Set up and sign in</Button>
      </Stack>
    </form>
  );
}
