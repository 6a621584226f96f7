// The accounts of one person on systems.
import { usePages } from "../api/pages";
import { useMay } from "../shell/me";
import { Section } from "../shell/Page";
import { AccountsTable } from "./AccountsTable";
import { accountsOfPage } from "./queries";

export function AccountsOf({ identity }: { identity: string }) {
  const maySee = useMay("identities.read");
  const list = usePages(["inventory", "accounts", "of", identity], (after) => accountsOfPage(identity, after), { enabled: maySee });
  if (!maySee) return null;
  return (
    <Section title="Accounts">
      <AccountsTable of="one person" rows={list.items} error={list.error} more={list.more} busy={list.isFetching} empty={{ title: "Has no account on a system that was read" }} />
    </Section>
  );
}
