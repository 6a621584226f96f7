// A refusal of the API (RFC 9457 problem+json) as one line that says what to do. Pure.

export class Problem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** A stable word in snake_case. */
  readonly code: string;

  constructor(status: number, code: string, line: string) {
    super(line);
    this.name = "Problem";
    this.status = status;
    this.code = code;
  }
}

const FALLBACK: Record<number, string> = {
  0: "Tenure cannot be reached; check your connection and try again",
  401: "you are signed out; sign in again",
  403: "you may not do this; ask an administrator for the permission",
  404: "this does not exist, or you may not see it",
  409: "somebody changed this in the meantime; reload and try again",
  413: "this is too large",
  429: "too many attempts; wait a minute and try again",
  503: "Tenure cannot do this right now; try again in a moment",
};

function text(body: unknown, name: string): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Reads whatever came instead of success: problem+json, something else, or nothing. */
export function problemFrom(status: number, body: unknown): Problem {
  const fallback = FALLBACK[status] ?? `Tenure answered with an error (${status}); try again, then look at the server's log`;
  const line = text(body, "detail") ?? FALLBACK[status] ?? text(body, "title") ?? fallback;
  return new Problem(status, text(body, "code") ?? `http_${status}`, line);
}

/** Whether the server is up, but without its keys: it answers nothing but how to unseal it. */
export function isSealed(error: unknown): boolean {
  return error instanceof Problem && error.status === 503 && error.code === "sealed";
}

/** The line to show for anything that was thrown. */
export function lineOf(error: unknown): string {
  return sentence(error instanceof Problem ? error.message : (FALLBACK[0] as string));
}

/** A line of the API as a sentence. */
export function sentence(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1) + (/[.!?]$/.test(line) ? "" : ".");
}
