// Issuers and what they issue, as people say it. Pure.
import type { Tone } from "../shell/StateBadge";

const KINDS: Record<string, string> = {
  x509_root: "root authority",
  x509_intermediate: "intermediate authority",
  ssh: "SSH authority",
  jwt: "signer of tokens",
};

export function issuerKind(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("_", " ");
}

/** What an issuer of this kind makes: `certificate` or `token`. */
export function product(kind: string): "certificate" | "token" {
  return kind === "jwt" ? "token" : "certificate";
}

const STATES: Record<string, [string, Tone]> = {
  live: ["live", "good"],
  ended: ["ended, not seen published yet", "warn"],
  gone: ["gone", "plain"],
};

export function issuedState(state: string): [string, Tone] {
  return STATES[state] ?? [state, "plain"];
}

const CAUSES: Record<string, string> = {
  expired: "its time was over",
  revoked: "revoked",
  grant_ended: "its grant ended",
  key_withdrawn: "the key was withdrawn",
};

export function causeOf(cause: string | null | undefined): string | null {
  return cause ? CAUSES[cause] ?? cause.replaceAll("_", " ") : null;
}

export interface Published {
  label: string;
  path: string;
}

/** What anybody may fetch of an issuer, without signing in. */
export function published({ kind, name }: { kind: string; name: string }): Published[] {
  if (kind === "ssh") return [{ label: "Public key", path: `/ssh/ca.pub/${name}` }, { label: "Revocation list (KRL)", path: `/ssh/krl/${name}` }];
  if (kind === "jwt") return [{ label: "Public keys (JWKS)", path: "/.well-known/jwks.json" }, { label: "Revoked tokens", path: "/tokens/revoked" }];
  return [{ label: "Certificate with its chain", path: `/pki/${name}/ca.pem` }, { label: "Revocation list (CRL)", path: `/pki/${name}/crl` }];
}

const TERMS: Record<string, string> = {
  algorithm: "Algorithm",
  common_name: "Common name",
  days: "Days of its certificate",
  path_length: "Authorities below it",
  issues: "Issues certificates itself",
  permitted_dns: "Only for names below",
  parent: "Signed by",
};

/** What an issuer is for, term by term; what is not said and its kind are left out. */
export function termsOf(terms: Record<string, unknown>): [string, string][] {
  return told(terms).map(([key, value]) => [TERMS[key] ?? key.replaceAll("_", " "), value]);
}

function told(terms: Record<string, unknown>): [string, string][] {
  const isSaid = (value: unknown) => value !== null && value !== "" && !(typeof value === "object" && Object.keys(value).length === 0);
  return Object.entries(terms).filter(([key, value]) => key !== "kind" && isSaid(value)).map(([key, value]) => [key, said(value)]);
}

const RULES: Record<string, string> = {
  dns: "host names",
  ips: "addresses",
  uris: "SPIFFE ids",
  usages: "used as",
  algorithm: "key",
  certifies: "certifies a",
  force_command: "runs only",
  source_addresses: "from",
};

/** What a profile allows, in one line. */
export function rulesLine(rules: Record<string, unknown>): string {
  return told(rules).map(([key, value]) => `${RULES[key] ?? key.replaceAll("_", " ")} ${value}`).join("; ");
}

function said(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The texts under a key of a profile's rules. */
export function listed(rules: Record<string, unknown> | undefined, key: string): string[] {
  const found = rules?.[key];
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];
}

/** Names as typed, one or more on a line, told apart by their shape. */
export function namesIn(text: string): { dns: string[]; ips: string[]; uris: string[] } {
  const names = text.split(/[\s,;]+/).filter((name) => name !== "");
  const isUri = (name: string) => name.includes("://");
  const isIp = (name: string) => !isUri(name) && (/^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(":"));
  return { dns: names.filter((name) => !isUri(name) && !isIp(name)), ips: names.filter(isIp), uris: names.filter(isUri) };
}
