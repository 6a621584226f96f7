// Reads an otpauth URI. Pure.

/** The base32 secret; empty when the URI has none. */
export function secretOf(uri: string): string {
  const query = uri.split("?")[1] ?? "";
  return new URLSearchParams(query).get("secret") ?? "";
}

/** Four letters at a time, so that a person can type them. */
export function groups(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? "";
}
