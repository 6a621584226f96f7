// What an operator does with an account under management: verify, rotate, reconcile, give what was set by hand.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { lineOf } from "../api/problem";
import type { ManagedAccount } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { useMay } from "../shell/me";
import { GiveDialog } from "./GiveDialog";
import { reconcile, rotate, verify } from "./queries";

export function AccountActs({ account }: { account: ManagedAccount }) {
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  const [giving, setGiving] = useState<ManagedAccount | null>(null);
  const mayRotate = useMay("accounts.rotate");
  const mayWrite = useMay("accounts.write");
  const client = useQueryClient();
  const what = `${account.login}@${account.target}`;
  const check = useMutation({
    mutationFn: () => verify(account.id),
    onSuccess: async ({ accepted }) => {
      notifications.show(
        accepted
          ? { message: `The kept credential of ${what} logs in.`, color: "pine" }
          : { message: `${what} refused the kept credential.`, color: "brick" },
      );
      await client.invalidateQueries();
    },
    onError: (error) => notifications.show({ message: lineOf(error), color: "brick" }),
  });
  const byHand = mayWrite && (!account.verifiable || account.state === "unknown");
  return (
    <>
      {byHand && <Button variant="default" onClick={() => setGiving(account)}>Give a new one</Button>}
      <GiveDialog account={giving} onClose={() => setGiving(null)} />
      {mayRotate && account.verifiable && (
        <>
          <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>Verify now</Button>
          <Button variant="default" onClick={() => setAct(reconciling(account, what))}>Reconcile</Button>
          <Button onClick={() => setAct(rotating(account, what))}>Rotate</Button>
        </>
      )}
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </>
  );
}

function rotating(account: ManagedAccount, what: string): ConfirmedAct {
  return {
    title: `Rotate ${what}`,
    consequence: account.pair
      ? "The account of the pair that is not handed out gets a new credential; then that one is handed out."
      : "A new credential is made, set on the target and verified. Whoever knows the present one can no longer log in with it.",
    verb: "Rotate",
    tone: "good",
    done: `Ordered a new credential for ${what}.`,
    act: () => rotate(account.id),
  };
}

function reconciling(account: ManagedAccount, what: string): ConfirmedAct {
  return {
    title: `Reconcile ${what}`,
    consequence: "Tenure tries which of the credentials that it keeps logs in. If none does, it sets a new one through the administrator's account.",
    verb: "Reconcile",
    tone: "good",
    done: `Ordered to reconcile ${what}.`,
    act: () => reconcile(account.id),
  };
}
