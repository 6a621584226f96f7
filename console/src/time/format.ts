// Times and durations as people read them. Pure: the present moment is always an argument.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, "0");

/** Milliseconds since the epoch of an RFC 3339 text; `NaN` when it is not one. */
export function millis(at: string): number {
  return Date.parse(at);
}

/** `2026-11-21 14:03:09`, in the reader's time zone. */
export function absolute(at: string): string {
  const d = new Date(at);
  if (Number.isNaN(d.getTime())) return at;
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${clock(at)}`;
}

/** `14:03:09`, in the reader's time zone. */
export function clock(at: string): string {
  const d = new Date(at);
  if (Number.isNaN(d.getTime())) return at;
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** `21 Nov 2026`, in the reader's time zone. */
export function day(at: string): string {
  const d = new Date(at);
  if (Number.isNaN(d.getTime())) return at;
  return d.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** `900 ms`, `42 s`, `3 min 20 s`, `1 h 05 min`, `12 d`. Never negative, and at most two units. */
export function duration(ms: number): string {
  if (ms > 0 && ms < SECOND) return `${Math.ceil(ms)} ms`;
  const left = Math.max(0, Math.floor(ms / SECOND));
  if (left < 60) return `${left} s`;
  if (left < 3600) {
    const s = left % 60;
    return s === 0 ? `${Math.floor(left / 60)} min` : `${Math.floor(left / 60)} min ${two(s)} s`;
  }
  if (left < 48 * 3600) {
    const m = Math.floor((left % 3600) / 60);
    return m === 0 ? `${Math.floor(left / 3600)} h` : `${Math.floor(left / 3600)} h ${two(m)} min`;
  }
  return `${Math.floor(left / 86400)} d`;
}

/** A duration that people chose in minutes: `45 min`, `1 h`, `1 h 30 min`. */
export function minutes(n: number): string {
  return duration(n * MINUTE);
}

/** `03:20` or `1:05:09`, for a running countdown. */
export function countdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const [h, m, s] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** `just now`, `4 min ago`, `in 2 h`, `3 days ago`: one unit. */
export function relative(at: string, now: number): string {
  const distance = millis(at) - now;
  if (Number.isNaN(distance)) return "";
  const size = Math.abs(distance);
  if (size < 5 * SECOND) return "just now";
  const text =
    size < MINUTE ? `${Math.floor(size / SECOND)} s`
    : size < HOUR ? `${Math.floor(size / MINUTE)} min`
    : size < 2 * DAY ? `${Math.floor(size / HOUR)} h`
    : size < 60 * DAY ? `${Math.floor(size / DAY)} days`
    : size < 730 * DAY ? `${Math.floor(size / (30 * DAY))} months`
    : `${Math.floor(size / (365 * DAY))} years`;
  return distance < 0 ? `${text} ago` : `in ${text}`;
}

/** `512 B`, `18.2 kB`, `1.4 MB`: powers of 1000. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 joiner`, `71 leavers`. */
export function many(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** `1,204`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}
