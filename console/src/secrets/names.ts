// Names of secrets, `SAFE/FOLDER/NAME`, and the keys of a value. Pure.

/** Each part of a prefix with the prefix that it ends: `prod/app/` is `prod` at `prod/` and `app` at `prod/app/`. */
export function trail(prefix: string): { part: string; prefix: string }[] {
  const parts = prefix.split("/").filter((part) => part !== "");
  return parts.map((part, i) => ({ part, prefix: `${parts.slice(0, i + 1).join("/")}/` }));
}

/** The last part, with the stroke of a folder. */
export function lastPart(name: string): string {
  const parts = name.split("/").filter((part) => part !== "");
  return `${parts.at(-1) ?? ""}${name.endsWith("/") ? "/" : ""}`;
}

/** Where a secret lies: `prod/app/` for `prod/app/db`. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

export function isFolder(name: string): boolean {
  return name.endsWith("/");
}

/** Whether it names a secret: a safe, a folder, and one to eight parts after them. */
export function isName(name: string): boolean {
  const parts = name.split("/");
  return parts.length >= 3 && parts.length <= 10 && parts.every((part) => part !== "");
}

export interface Row {
  key: string;
  value: string;
}

/** The value that rows stand for, or why they stand for none. Rows that are empty altogether are left out. */
export function valueOf(rows: readonly Row[]): { data: Record<string, string> } | { problem: string } {
  const filled = rows.filter((row) => row.key.trim() !== "" || row.value !== "");
  if (filled.length === 0) return { problem: "give at least one key" };
  const data = new Map<string, string>();
  for (const { key, value } of filled) {
    const name = key.trim();
    if (name === "") return { problem: "give every value a key" };
    if (data.has(name)) return { problem: `the key \`${name}\` is given twice` };
    data.set(name, value);
  }
  return { data: Object.fromEntries(data) };
}

/** One entry of a value as text: what is no text is written as JSON writes it. */
export function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
