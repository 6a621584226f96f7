import { expect, test } from "vitest";
import { makerOf } from "./uses";

const ISSUERS = [
  { name: "shop-ca", kind: "x509_intermediate" },
  { name: "tokens", kind: "jwt" },
  { name: "old-ca", kind: "ssh", withdrawn_at: "2026-11-22T08:00:00Z" },
];

test("a grant for an issuer offers a certificate or a token, and never a credential at a service", () => {
  expect(makerOf("shop-ca", ISSUERS)).toEqual({ verb: "Issue a certificate", issuer: "x509_intermediate" });
  expect(makerOf("tokens", ISSUERS)).toEqual({ verb: "Issue a token", issuer: "jwt" });
  expect(makerOf("shop-db", ISSUERS)).toEqual({ verb: "Make a credential", issuer: null });
});

test("nothing is offered before the issuers are known, nor of one that was withdrawn", () => {
  expect(makerOf("shop-ca", undefined)).toBeNull();
  expect(makerOf("old-ca", ISSUERS)).toBeNull();
});
