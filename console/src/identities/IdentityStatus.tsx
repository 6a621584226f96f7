// Whether a person works here.
import { StateBadge, type Tone } from "../shell/StateBadge";

const SHOWN: Record<string, [string, Tone]> = {
  active: ["active", "good"],
  leave: ["on leave", "warn"],
  terminated: ["left", "plain"],
};

export function IdentityStatus({ status }: { status: string }) {
  const [text, tone] = SHOWN[status] ?? [status, "plain"];
  return <StateBadge tone={tone}>{text}</StateBadge>;
}
