// The tokens with which a machine identity signs in.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Machine } from "../api/types";
import { ConfirmDialog, type ConfirmedAct } from "../shell/ConfirmDialog";
import { Listing } from "../shell/Listing";
import { Section } from "../shell/Page";
import { When } from "../time/When";
import { machineTokensQuery, revokeToken } from "./queries";

export function MachineTokens({ machine, mayRevoke }: { machine: Machine; mayRevoke: boolean }) {
  const tokens = useQuery({ ...machineTokensQuery(machine.id), enabled: mayRevoke });
  const [act, setAct] = useState<ConfirmedAct | null>(null);
  if (!mayRevoke) return null;
  return (
    <Section title="Tokens">
      <Listing
        label="Tokens"
        rows={tokens.data?.items}
        error={tokens.error}
        rowKey={(t) => t.id}
        empty={{ title: "It has no token", hint: <>Make one with <code>tenure machines tokens create {machine.name}</code>.</> }}
        columns={[
          { header: "Name", cell: (t) => t.name },
          { header: "May", cell: (t) => <span className="mono" style={{ overflowWrap: "anywhere" }}>{t.scopes.join(", ")}</span>, on: "wide" },
          { header: "Expires", cell: (t) => <When at={t.expires_at} /> },
          {
            header: "Act",
            quiet: true,
            align: "number",
            cell: (t) => <Button size="compact-sm" variant="subtle" color="brick" aria-label={`Revoke ${t.name}`} onClick={() => setAct(revoking(machine, t))}>Revoke</Button>,
          },
        ]}
      />
      <ConfirmDialog act={act} onClose={() => setAct(null)} />
    </Section>
  );
}

function revoking(machine: Machine, token: { id: string; name: string }): ConfirmedAct {
  return {
    title: `Revoke ${token.name} of ${machine.name}`,
    consequence: "What signs in with it is refused from now on.",
    verb: "Revoke",
    tone: "bad",
    done: `Revoked ${token.name} of ${machine.name}.`,
    act: () => revokeToken(machine.id, token.id),
  };
}
