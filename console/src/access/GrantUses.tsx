// What a standing grant opens besides sessions: a credential to check out, one to be made or issued, a folder of secrets.
import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Grant } from "../api/types";
import { CheckOutDrawer, type Wanted } from "../checkouts/CheckOutDrawer";
import { IssueFromDrawer } from "../issuers/IssueFromDrawer";
import { issuersQuery } from "../issuers/queries";
import { IssueDrawer } from "../leases/IssueDrawer";
import { useMay } from "../shell/me";
import { minutesLeft } from "./terms";
import { makerOf } from "./uses";

export function GrantUses({ grant }: { grant: Grant }) {
  const [takes, setTakes] = useState<Wanted | null>(null);
  const [makes, setMakes] = useState<Wanted | null>(null);
  const allows = (channel: string) => grant.channels.includes(channel);
  const holdsFolder = allows("secret_read") || allows("secret_write");
  const mayReadIssuers = useMay("systems.read");
  const issuers = useQuery({ ...issuersQuery, enabled: allows("credential") && mayReadIssuers });
  if (!holdsFolder && !allows("checkout") && !allows("credential")) return null;
  const maker = allows("credential") ? makerOf(grant.target, mayReadIssuers ? issuers.data?.items : []) : null;
  const wanted = () => ({ login: grant.login, target: grant.target, minutes: minutesLeft(grant.until, Date.now()) });
  return (
    <Group gap="xs" mt={12}>
      {allows("checkout") && <Button size="compact-sm" onClick={() => setTakes(wanted())}>Check out</Button>}
      {maker && <Button size="compact-sm" onClick={() => setMakes(wanted())}>{maker.verb}</Button>}
      {holdsFolder && (
        <Link className="link" to="/secrets" search={{ prefix: `${grant.target}/${grant.login}/` }}>Open its secrets</Link>
      )}
      <CheckOutDrawer wanted={takes} onClose={() => setTakes(null)} />
      {maker?.issuer
        ? <IssueFromDrawer wanted={makes} kind={maker.issuer} onClose={() => setMakes(null)} />
        : <IssueDrawer wanted={makes} onClose={() => setMakes(null)} />}
    </Group>
  );
}
