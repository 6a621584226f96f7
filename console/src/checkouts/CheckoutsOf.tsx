// Who had the credential of one account in hand.
import { useQuery } from "@tanstack/react-query";
import type { ManagedAccount } from "../api/types";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { CheckoutsTable } from "./CheckoutsTable";
import { checkoutsPage } from "./queries";

export function CheckoutsOf({ account }: { account: ManagedAccount }) {
  const mayRead = useMay("checkouts.read");
  const query = useQuery({
    queryKey: ["checkouts", "on", account.target],
    queryFn: () => checkoutsPage({ target: account.target }, undefined),
    enabled: mayRead,
  });
  if (!mayRead) return null;
  return (
    <Section title="Who had it in hand">
      <CheckoutsTable label="Checkouts of this account" rows={query.data?.items.filter((c) => c.account === account.id)} error={query.error}
        empty={{ title: "Nobody has checked it out lately" }} />
    </Section>
  );
}
