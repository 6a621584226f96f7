// Other people's checkouts that wait for a second person's yes, which may be mine.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Checkout } from "../api/types";
import { Account } from "../shell/Account";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Listing, type Column } from "../shell/Listing";
import { Section } from "../shell/Page";
import { Who } from "../shell/Who";
import { minutes } from "../time/format";
import { When } from "../time/When";
import { confirm, toConfirmQuery } from "./queries";

/** Nothing at all while none waits. */
export function ToConfirm() {
  const query = useQuery(toConfirmQuery);
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  const rows = query.data?.items;
  if (!rows || rows.length === 0) return null;
  const columns: Column<Checkout>[] = [
    ...COLUMNS,
    {
      header: "Act",
      quiet: true,
      align: "number",
      cell: (c) => (
        <Button size="compact-sm" onClick={() => setAct(confirming(c))} aria-label={`Confirm ${c.holder.name}'s checkout of ${c.login} on ${c.target}`}>
          Confirm
        </Button>
      ),
    },
  ];
  return (
    <Section title={`Waiting for your yes (${rows.length})`}>
      <Listing label="Checkouts waiting for your yes" columns={columns} rows={rows} rowKey={(c) => c.id} empty={{ title: "None waits" }} />
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </Section>
  );
}

const COLUMNS: Column<Checkout>[] = [
  { header: "Who", cell: (c) => <Who actor={c.holder} /> },
  { header: "Account", cell: (c) => <Account login={c.login} target={c.target} /> },
  { header: "For", cell: (c) => <span className="nowrap">{minutes(c.minutes)}</span> },
  { header: "Reason", cell: (c) => c.reason },
  { header: "Lapses", cell: (c) => <When at={c.answer_by} />, on: "wide" },
];

function confirming(c: Checkout): ConfirmedAct {
  const what = `${c.login}@${c.target}`;
  return {
    title: `Confirm ${c.holder.name}'s checkout of ${what}`,
    consequence: `${c.holder.name} may then see the credential for ${minutes(c.minutes)}. Your yes goes into the ledger.`,
    verb: "Confirm",
    tone: "good",
    done: `Confirmed: ${c.holder.name} may take ${what}.`,
    act: () => confirm(c.id),
  };
}
