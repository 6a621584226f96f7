import { expect, test } from "vitest";
import { groups, secretOf } from "./otpauth";

test("the key can be read and typed where no camera is at hand", () => {
  const uri = "otpauth://totp/Tenure:alice%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Tenure&algorithm=SHA1";
  expect(secretOf(uri)).toBe("JBSWY3DPEHPK3PXP");
  expect(groups("JBSWY3DPEHPK3PXPAB")).toBe("JBSW Y3DP EHPK 3PXP AB");
});

test("a URI without a key gives none", () => {
  expect(secretOf("otpauth://totp/Tenure")).toBe("");
  expect(groups("")).toBe("");
});
