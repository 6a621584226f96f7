// The terms that a person is offered. Pure.
const STEPS = [5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440];

/** Minutes to choose from, ascending; the longest is always the limit itself. */
export function choices(max: number): number[] {
  return [...STEPS.filter((step) => step < max), max];
}

/** Half an hour, or as near to it as the limit lets; the index into `choices`. */
export function usual(terms: readonly number[]): number {
  const at = terms.findIndex((term) => term >= 30);
  return at === -1 ? terms.length - 1 : at;
}

/** Whole minutes that are left of a grant; one at least, so that there is something to choose. */
export function minutesLeft(until: string, now: number): number {
  return Math.max(1, Math.floor((Date.parse(until) - now) / 60_000));
}
