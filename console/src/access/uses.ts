// Who makes the credential that a grant is for: an issuer, or a service. Pure.
import { product } from "../issuers/words";

export interface Maker {
  verb: string;
  /** The kind of the issuer; none where it is a service. */
  issuer: string | null;
}

/** Nothing while the issuers are not known yet, and where an issuer issues nothing any more. */
export function makerOf(target: string, issuers: readonly { name: string; kind: string; withdrawn_at?: string | null }[] | undefined): Maker | null {
  if (!issuers) return null;
  const issuer = issuers.find((each) => each.name === target);
  if (!issuer) return { verb: "Make a credential", issuer: null };
  return issuer.withdrawn_at ? null : { verb: `Issue a ${product(issuer.kind)}`, issuer: issuer.kind };
}
