// How an account under management stands, and when its credential was last seen to log in.
import type { ManagedAccount } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { When } from "../time/When";
import { accountState } from "./words";

export function AccountState({ account }: { account: ManagedAccount }) {
  const [word, tone] = accountState(account);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}

export function Verified({ account }: { account: ManagedAccount }) {
  if (account.verified_at) return <When at={account.verified_at} />;
  return <span className="dim">{account.verifiable ? "never" : "Tenure cannot log in with it"}</span>;
}
