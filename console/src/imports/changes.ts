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
