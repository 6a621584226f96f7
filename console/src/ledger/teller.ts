// What it takes to tell an entry of one kind. Pure.
export type Facts = Record<string, unknown>;

export interface Teller {
  text: string | ((facts: Facts, personal: Record<string, string>) => string);
  /** Facts to show at once, in order. */
  main?: string[];
}

export const str = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** `alice@web-1`, with what is known of it. */
export const account = (facts: Facts): string => [str(facts["login"]), str(facts["system"] ?? facts["target"])].filter(Boolean).join("@");
