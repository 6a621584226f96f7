// Has an issuer make a certificate or a token and shows what is secret of it once. It lives in this drawer's own state and
// nowhere else.
import { Button, Drawer, Group, MultiSelect, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { choices, usual } from "../access/terms";
import type { Issuance, IssueOrder, IssuerProfile } from "../api/types";
import { Account } from "../shell/Account";
import { Loading } from "../shell/Loading";
import { ProblemLine } from "../shell/ProblemLine";
import { ShownOnce, type Once } from "../shell/ShownOnce";
import { absolute, minutes } from "../time/format";
import { issue, profilesQuery } from "./queries";
import { listed, namesIn, product, rulesLine } from "./words";

interface Wanted {
  login: string;
  target: string;
  /** At most so long. */
  minutes: number;
}

export function IssueFromDrawer({ wanted, kind, onClose }: { wanted: Wanted | null; kind: string; onClose: () => void }) {
  return (
    <Drawer opened={wanted !== null} onClose={onClose} size="lg" title={<b>Issue a {product(kind)}</b>} closeOnClickOutside={false}>
      {wanted && <WithProfile wanted={wanted} kind={kind} onClose={onClose} />}
    </Drawer>
  );
}

function WithProfile({ wanted, kind, onClose }: { wanted: Wanted; kind: string; onClose: () => void }) {
  const profiles = useQuery(profilesQuery(wanted.target));
  if (!profiles.data) return profiles.error ? <ProblemLine error={profiles.error} /> : <Loading />;
  return <OrderForm wanted={wanted} kind={kind} profile={profiles.data.items.find((each) => each.name === wanted.login)} onClose={onClose} />;
}

function OrderForm({ wanted, kind, profile, onClose }: { wanted: Wanted; kind: string; profile: IssuerProfile | undefined; onClose: () => void }) {
  const terms = choices(Math.max(1, Math.min(wanted.minutes, profile?.max_minutes ?? wanted.minutes)));
  const [length, setLength] = useState(() => terms[usual(terms)] ?? 1);
  const [asked, setAsked] = useState<Partial<IssueOrder>>({});
  const [issuance, setIssuance] = useState<Issuance | null>(null);
  const client = useQueryClient();
  const run = useMutation({
    gcTime: 0,
    // Returns nothing: what a mutation returns is kept with it.
    mutationFn: async () => setIssuance(await issue(wanted.target, { profile: wanted.login, minutes: length, ...asked })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["issued"] }),
  });
  if (issuance) return <Answered issuance={issuance} onClose={onClose} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        run.mutate();
      }}
    >
      <Stack gap="lg">
        <div>
          <div style={{ fontSize: 19 }}><Account login={wanted.login} target={wanted.target} /></div>
          {profile && <Text size="sm" c="dimmed" mt={4}>Allowed: {rulesLine(profile.rules)}. It ends with your grant.</Text>}
        </div>
        {kind === "jwt" && <Audiences profile={profile} onChange={setAsked} />}
        {kind === "ssh" && <SshAsked profile={profile} onChange={setAsked} />}
        {kind.startsWith("x509") && <X509Asked onChange={setAsked} />}
        <Select label="For how long" data={terms.map((n) => ({ value: String(n), label: minutes(n) }))} value={String(length)} onChange={(value) => setLength(Number(value))} allowDeselect={false} />
        <ProblemLine error={run.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={run.isPending}>Issue it</Button>
        </Group>
      </Stack>
    </form>
  );
}

type Ask = (asked: Partial<IssueOrder>) => void;

function X509Asked({ onChange }: { onChange: Ask }) {
  const [names, setNames] = useState("");
  const [csr, setCsr] = useState("");
  const tell = (names: string, csr: string) => onChange(csr.trim() ? { csr: csr.trim() } : namesIn(names));
  return (
    <>
      <Textarea label="Names" description="Host names, addresses or SPIFFE ids, one on a line." autosize minRows={2} autoCapitalize="none" spellCheck={false} disabled={csr.trim() !== ""} value={names}
        onChange={(event) => {
          setNames(event.currentTarget.value);
          tell(event.currentTarget.value, csr);
        }} />
      <Textarea label="Certificate request" description="In PEM, if the key is yours: its names are taken. Leave it out and a key is made for you." autosize minRows={2} maxRows={8} autoComplete="off" spellCheck={false} value={csr}
        onChange={(event) => {
          setCsr(event.currentTarget.value);
          tell(names, event.currentTarget.value);
        }} />
    </>
  );
}

function SshAsked({ profile, onChange }: { profile: IssuerProfile | undefined; onChange: Ask }) {
  const allowed = listed(profile?.rules, "principals");
  const [principals, setPrincipals] = useState<string[]>([]);
  const [key, setKey] = useState("");
  const tell = (principals: string[], key: string) => onChange({ principals, public_key: key.trim() || null });
  return (
    <>
      <MultiSelect label="For" description="Logins or host names." data={allowed} value={principals} placeholder={principals.length === 0 ? "choose" : undefined}
        onChange={(value) => {
          setPrincipals(value);
          tell(value, key);
        }} />
      <Textarea label="Public key" description="The line of your .pub file. Leave it out and a key is made for you." autosize minRows={2} autoComplete="off" spellCheck={false} value={key}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          tell(principals, event.currentTarget.value);
        }} />
    </>
  );
}

function Audiences({ profile, onChange }: { profile: IssuerProfile | undefined; onChange: Ask }) {
  const [audiences, setAudiences] = useState<string[]>([]);
  return (
    <MultiSelect label="Audiences" description="All of them when you choose none." data={listed(profile?.rules, "audiences")} value={audiences}
      onChange={(value) => {
        setAudiences(value);
        onChange({ audiences: value });
      }} />
  );
}

function Answered({ issuance: { issued, token, certificate, chain, private_key }, onClose }: { issuance: Issuance; onClose: () => void }) {
  const secret: Once[] = [
    ...(token ? [{ label: "Token", value: token }] : []),
    ...(private_key ? [{ label: "Private key", value: private_key.trim() }] : []),
  ];
  const open: Once[] = [
    ...(certificate ? [{ label: "Certificate", value: certificate.trim() }] : []),
    ...(chain ? [{ label: "Chain", value: chain.trim() }] : []),
  ];
  return (
    <Stack gap="lg">
      {secret.length > 0
        ? <ShownOnce line="Shown once. Copy it now: Tenure does not keep it, so nobody can show it to you again." facts={secret} />
        : <p role="status">Issued, for your own key.</p>}
      {open.length > 0 && <ShownOnce line="Copy these too: the certificate is public, and it is not shown again either." facts={open} />}
      <Text size="sm">It ends at {absolute(issued.expires_at)}, or before with your grant.</Text>
      <Group justify="flex-end"><Button onClick={onClose}>I have copied it</Button></Group>
    </Stack>
  );
}
