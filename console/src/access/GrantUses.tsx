// What a standing grant opens besides sessions: a credential to check out, one to be made, a folder of secrets.
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Grant } from "../api/types";
import { CheckOutDrawer, type Wanted } from "../checkouts/CheckOutDrawer";
import { IssueDrawer } from "../leases/IssueDrawer";
import { minutesLeft } from "./terms";

export function GrantUses({ grant }: { grant: Grant }) {
  const [takes, setTakes] = useState<Wanted | null>(null);
  const [makes, setMakes] = useState<Wanted | null>(null);
  const allows = (channel: string) => grant.channels.includes(channel);
  const holdsFolder = allows("secret_read") || allows("secret_write");
  if (!holdsFolder && !allows("checkout") && !allows("credential")) return null;
  const wanted = () => ({ login: grant.login, target: grant.target, minutes: minutesLeft(grant.until, Date.now()) });
  return (
    <Group gap="xs" mt={12}>
      {allows("checkout") && <Button size="compact-sm" onClick={() => setTakes(wanted())}>Check out</Button>}
      {allows("credential") && <Button size="compact-sm" onClick={() => setMakes(wanted())}>Make a credential</Button>}
      {holdsFolder && (
        <Link className="link" to="/secrets" search={{ prefix: `${grant.target}/${grant.login}/` }}>Open its secrets</Link>
      )}
      <CheckOutDrawer wanted={takes} onClose={() => setTakes(null)} />
      <IssueDrawer wanted={makes} onClose={() => setMakes(null)} />
    </Group>
  );
}
