// What a source says of one attribute: a text, a list of texts, or that there is none. Pure.
export function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(", ") || null;
  return typeof value === "string" && value !== "" ? value : null;
}
