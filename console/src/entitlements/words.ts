// How risky an entitlement is, and whether it is privileged, as people say it. Pure.
import type { Entitlement } from "../api/types";
import type { Tone } from "../shell/StateBadge";
import { minutes } from "../time/format";

const RISKS: Record<string, Tone> = { low: "plain", medium: "plain", high: "warn", critical: "bad" };

export const RISK_NAMES = Object.keys(RISKS);

export function riskTone(risk: string): Tone {
  return RISKS[risk] ?? "plain";
}

type About = Pick<Entitlement, "privileged" | "privileged_why" | "requestable" | "max_minutes">;

/** `yes: root by sudo`, or that the system itself has the word. */
export function privilegedLine({ privileged, privileged_why }: About): string {
  if (privileged === null || privileged === undefined) return "as the system says";
  return [privileged ? "yes" : "no", privileged_why].filter(Boolean).join(": ");
}

export function requestableLine({ requestable, max_minutes }: About): string {
  if (!requestable) return "no";
  return max_minutes ? `at most ${minutes(max_minutes)}` : "yes";
}
