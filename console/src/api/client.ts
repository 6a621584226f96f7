// The one door to the public API: same origin, cookie sign-in, a header on every write, problems thrown.
import createClient, { type Middleware } from "openapi-fetch";
import { isSealed, Problem, problemFrom } from "./problem";
import type { paths } from "./schema";

let whenSignedOut: () => void = () => undefined;

/** What happens when the server no longer knows the cookie. */
export function onSignedOut(act: () => void): void {
  whenSignedOut = act;
}

let whenSealed: () => void = () => undefined;

/** What happens when the server answers that it is sealed. */
export function onSealed(act: () => void): void {
  whenSealed = act;
}

const marks: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-Tenure-Csrf", "1");
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
api.use(marks);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer. Throws a `Problem` for every other one. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem(502, "unreadable", "the answer could not be read; is this Tenure?");
    throw problemFrom(0, undefined);
  }
  const { response } = answer;
  if (response.ok) return answer.data as T;
  const signingIn = response.url.endsWith("/sign-in");
  if (response.status === 401 && !signingIn) whenSignedOut();
  const problem = problemFrom(response.status, answer.error);
  if (isSealed(problem)) whenSealed();
  throw problem;
}

/** A header that makes a creation safe to repeat. */
export function once(): { "Idempotency-Key": string } {
  return { "Idempotency-Key": crypto.randomUUID() };
}
