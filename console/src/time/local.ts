// Moments as a date-and-time field holds them: in the reader's time zone, to the second. Pure.
const two = (n: number) => String(n).padStart(2, "0");

export function toLocal(at: string): string {
  const d = new Date(at);
  const date = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${date}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** RFC 3339 in UTC. */
export function fromLocal(value: string): string {
  return new Date(value).toISOString();
}

/** RFC 3339 in UTC of a moment that may be left out. */
export function moment(value: string): string | undefined {
  return value === "" ? undefined : fromLocal(value);
}
