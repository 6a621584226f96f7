// Checkouts that are open or wait, each with the time that is left and what may be done about it.
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { Checkout } from "../api/types";
import { Account } from "../shell/Account";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { ReasonDialog, type ReasonedAct } from "../shell/ReasonDialog";
import { Who } from "../shell/Who";
import { TermBar } from "../time/TermBar";
import { When } from "../time/When";
import { CheckOutDrawer, type Wanted } from "./CheckOutDrawer";
import { CheckoutState } from "./CheckoutState";
import { ExtendDialog } from "./ExtendDialog";
import { force, giveBack } from "./queries";

export function ActiveCheckouts({ rows, error, empty }: { rows: Checkout[] | undefined; error: unknown; empty: { title: string; hint?: string } }) {
  const me = useMe();
  const mayForce = useMay("checkouts.force");
  const [confirmed, setConfirmed] = useState<ConfirmedAct | null>(null);
  const [reasoned, setReasoned] = useState<ReasonedAct | null>(null);
  const [longer, setLonger] = useState<Checkout | null>(null);
  const [taking, setTaking] = useState<Wanted | null>(null);
  const acts = (c: Checkout) => {
    const isMine = c.holder.id === me.identity.id;
    return (
      <Group gap={6} justify="flex-end" className="acts">
        {isMine && c.state === "confirmed" && <Button size="compact-sm" onClick={() => setTaking({ ...c, given: c.reason })}>Take it</Button>}
        {isMine && c.state === "open" && !c.overdue && <Button size="compact-sm" variant="subtle" onClick={() => setLonger(c)}>Extend</Button>}
        {isMine && <Button size="compact-sm" variant="light" onClick={() => setConfirmed(returning(c))}>{c.state === "open" ? "Return" : "Cancel"}</Button>}
        {!isMine && mayForce && c.state === "open" && <Button size="compact-sm" variant="light" color="brick" onClick={() => setReasoned(forcing(c))}>Take back</Button>}
      </Group>
    );
  };
  const columns: Column<Checkout>[] = [...COLUMNS, { header: "Act", quiet: true, align: "number", cell: acts }];
  return (
    <>
      <Listing label="Open and waiting checkouts" columns={columns} rows={rows} error={error} rowKey={(c) => c.id} empty={empty} />
      <ConfirmDialog act={confirmed} onClose={() => setConfirmed(null)} />
      <ReasonDialog act={reasoned} onClose={() => setReasoned(null)} />
      <ExtendDialog checkout={longer} onClose={() => setLonger(null)} />
      <CheckOutDrawer wanted={taking} onClose={() => setTaking(null)} />
    </>
  );
}

const COLUMNS: Column<Checkout>[] = [
  { header: "State", cell: (c) => <CheckoutState checkout={c} />, on: "wide" },
  { header: "Who", cell: (c) => <Who actor={c.holder} />, on: "wide" },
  { header: "Account", cell: (c) => <><Account login={c.login} target={c.target} /><div className="narrow-only"><Who actor={c.holder} /> <CheckoutState checkout={c} /></div></> },
  { header: "Reason", cell: (c) => c.reason, on: "wide" },
  { header: "Time left", cell: (c) => <TimeLeft checkout={c} /> },
];

function TimeLeft({ checkout: c }: { checkout: Checkout }) {
  if (c.opened_at && c.due_at) return <TermBar term={{ from: c.opened_at, until: c.due_at }} label={`Time left on ${c.login}@${c.target}`} />;
  return <span className="dim nowrap">answer <When at={c.answer_by} /></span>;
}

function returning(c: Checkout): ConfirmedAct {
  const what = `${c.login}@${c.target}`;
  return c.state === "open"
    ? {
        title: `Return ${what}`,
        consequence: "You say that you no longer need the credential. Where the account asks for it, it is changed now.",
        verb: "Return",
        tone: "good",
        done: `Returned ${what}.`,
        act: () => giveBack(c.id),
      }
    : {
        title: `Cancel the checkout of ${what}`,
        consequence: "Nothing was handed out yet, and nothing will be.",
        verb: "Cancel the checkout",
        tone: "bad",
        done: `Cancelled the checkout of ${what}.`,
        act: () => giveBack(c.id),
      };
}

function forcing(c: Checkout): ReasonedAct {
  const what = `${c.login}@${c.target}`;
  return {
    title: `Take ${what} back from ${c.holder.name}`,
    consequence: "The checkout ends now and the credential is changed, so that what they know no longer logs in.",
    verb: "Take back",
    tone: "bad",
    done: `${what} was taken back from ${c.holder.name}.`,
    act: (reason) => force(c.id, reason),
  };
}
