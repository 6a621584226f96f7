// What opens the seal, and how far sealing everything again has come, as people say it. Pure.
import { count } from "../time/format";

const KINDS: Record<string, string> = {
  file: "a key file on the server",
  passphrase: "a passphrase",
  shamir: "shares that people hold",
  transit: "another vault's transit key",
  pkcs11: "a hardware device (PKCS #11)",
};

export function sealKind(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** `2 of 3 shares given`; what is still missing is left to the reader. */
export function sharesLine(given: number, threshold: number | null | undefined): string {
  return `${given} of ${threshold ?? "?"} shares given`;
}

/** From 0 to 100. Nothing to do is done. */
export function percent(done: number, total: number): number {
  return total <= 0 ? 100 : Math.min(100, Math.floor((100 * done) / total));
}

export function resealingLine({ done, total, finished, older_keys }: { done: number; total: number; finished: boolean; older_keys: boolean }): string {
  if (!finished) return `${count(done)} of ${count(total)} values sealed again`;
  return older_keys ? "done; older data keys still exist" : "done; older data keys are destroyed";
}
