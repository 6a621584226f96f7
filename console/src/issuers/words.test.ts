import { expect, test } from "vitest";
import { causeOf, issuedState, issuerKind, listed, namesIn, product, published, rulesLine, termsOf } from "./words";

test("names are told apart by their shape, and none is lost", () => {
  expect(namesIn("www.example.com, 10.0.0.7\n2001:db8::1 spiffe://example.com/web;*.example.com")).toEqual({
    dns: ["www.example.com", "*.example.com"],
    ips: ["10.0.0.7", "2001:db8::1"],
    uris: ["spiffe://example.com/web"],
  });
  expect(namesIn(" \n")).toEqual({ dns: [], ips: [], uris: [] });
});

test("each kind of issuer publishes its own lists, and no X.509 list is offered for tokens", () => {
  const paths = (kind: string) => published({ kind, name: "shop" }).map((each) => each.path);
  expect(paths("x509_intermediate")).toEqual(["/pki/shop/ca.pem", "/pki/shop/crl"]);
  expect(paths("ssh")).toEqual(["/ssh/ca.pub/shop", "/ssh/krl/shop"]);
  expect(paths("jwt")).toEqual(["/.well-known/jwks.json", "/tokens/revoked"]);
});

test("what was issued is well only while it is live, and words that are new to the console are shown as they are", () => {
  expect(issuedState("live")).toEqual(["live", "good"]);
  expect(issuedState("ended")[1]).toBe("warn");
  expect(issuedState("odd")).toEqual(["odd", "plain"]);
  expect(causeOf("grant_ended")).toBe("its grant ended");
  expect(causeOf("clock_gone")).toBe("clock gone");
  expect(causeOf(null)).toBeNull();
  expect(issuerKind("x509_root")).toBe("root authority");
  expect([product("jwt"), product("ssh")]).toEqual(["token", "certificate"]);
});

test("terms and rules are said without their kind and without what is empty", () => {
  expect(termsOf({ kind: "x509_intermediate", common_name: "Shop", permitted_dns: ["shop.example.com"], parent: null, issues: false })).toEqual([
    ["Common name", "Shop"],
    ["Only for names below", "shop.example.com"],
    ["Issues certificates itself", "no"],
  ]);
  expect(rulesLine({ kind: "x509", dns: [".example.com"], ips: [], usages: ["server", "client"] })).toBe("host names .example.com; used as server, client");
  expect(listed({ audiences: ["a", 1] }, "audiences")).toEqual(["a"]);
  expect(listed(undefined, "audiences")).toEqual([]);
});
