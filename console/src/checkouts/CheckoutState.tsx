// How a checkout stands, and what became of the credential afterwards.
import type { Checkout } from "../api/types";
import { StateBadge } from "../shell/StateBadge";
import { afterwards, checkoutState } from "./words";

export function CheckoutState({ checkout }: { checkout: Checkout }) {
  const [word, tone] = checkoutState(checkout);
  return <StateBadge tone={tone} live={checkout.state === "open" && !checkout.overdue}>{word}</StateBadge>;
}

export function CredentialAfter({ checkout }: { checkout: Checkout }) {
  const found = afterwards(checkout.credential);
  if (!found) return <span className="dim">—</span>;
  return <StateBadge tone={found[1]}>{found[0]}</StateBadge>;
}
