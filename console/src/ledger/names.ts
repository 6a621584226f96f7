// The names of the people who act in some entries, so that their ids can be read elsewhere in them. Pure.
import type { Line, Person } from "../api/types";

export function namesIn(lines: readonly Line[], ...others: Person[]): ReadonlyMap<string, string> {
  return new Map([...others, ...lines.map((line) => line.actor)].map((person) => [person.id, person.name]));
}
