// What a change of a person changes, attribute by attribute. Pure.

export interface Sides {
  before: Record<string, string>;
  after: Record<string, string>;
}

export interface Difference {
  name: string;
  before: string | null;
  after: string | null;
}

/** Only what differs; for a joiner everything that is known, in the order of the feed. */
export function differences({ before, after }: Sides): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ name, before: before[name] || null, after: after[name] || null }))
    .filter((difference) => difference.before !== difference.after);
}

/** `before.x` and `after.x` among other values, as the entry of an import names them for one person. */
export function sidesOf(personal: Record<string, string>): Sides | null {
  const side = (prefix: string) =>
    Object.fromEntries(
      Object.entries(personal).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]),
    );
  const sides = { before: side("before."), after: side("after.") };
  return Object.keys(sides.before).length + Object.keys(sides.after).length > 0 ? sides : null;
}

interface Line extends Sides {
  employee_id: string;
  what: string;
}

/** What ends access is read first. */
const FIRST = ["leaver", "mover", "rejoiner", "joiner"];

/** The kinds of change that there are, those that end access first, each with how many. */
export function kindsIn(changes: readonly Line[]): [what: string, n: number][] {
  const kinds = [...new Set(changes.map((change) => change.what))].sort((one, other) => rank(one) - rank(other));
  return kinds.map((what) => [what, changes.filter((change) => change.what === what).length]);
}

/** Those of a kind, or all of them, in which the text stands; those that end access first. */
export function pick<T extends Line>(changes: readonly T[], what: string, text: string): T[] {
  const wanted = text.trim().toLowerCase();
  const holds = (change: T) =>
    [change.employee_id, ...Object.values(change.before), ...Object.values(change.after)].some((value) => value.toLowerCase().includes(wanted));
  return changes.filter((change) => (what === "" || change.what === what) && (wanted === "" || holds(change))).sort((one, other) => rank(one.what) - rank(other.what));
}

function rank(what: string): number {
  const at = FIRST.indexOf(what);
  return at < 0 ? FIRST.length : at;
}
