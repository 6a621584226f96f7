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

/** The login and the target that a grant for a secret's folder names: `shop` and `prod` for `prod/shop/database`. */
export function placeOf(name: string): { login: string; target: string } {
  const [target = "", login = ""] = name.split("/");
  return { login, target };
}

interface Holding {
  login: string;
  target: string;
  channels: readonly string[];
  state: string;
}

/** What grants let one do with the secrets of a folder. */
export function mayIn(name: string, grants: readonly Holding[]): { read: boolean; write: boolean } {
  const place = placeOf(name);
  const channels = new Set(grants.filter((g) => g.state === "standing" && g.login === place.login && g.target === place.target).flatMap((g) => g.channels));
  return { read: channels.has("secret_read"), write: channels.has("secret_write") };
}

/** Metadata of one's own as it is edited: `key: value`, one on a line. */
export function customText(custom: Record<string, string>): string {
  return Object.entries(custom).map(([key, value]) => `${key}: ${value}`).join("\n");
}

export function customOf(text: string): { custom: Record<string, string> } | { problem: string } {
  const custom = new Map<string, string>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const at = line.indexOf(":");
    const key = line.slice(0, Math.max(at, 0)).trim();
    if (key === "") return { problem: `write \`${line.trim()}\` as \`key: value\`` };
    if (custom.has(key)) return { problem: `the key \`${key}\` is given twice` };
    custom.set(key, line.slice(at + 1).trim());
  }
  return { custom: Object.fromEntries(custom) };
}
