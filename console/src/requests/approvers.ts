// Who may decide on a request, in words. Pure.
import type { AccessRequest } from "../api/types";

type Approver = AccessRequest["approvers"][number];

export function approverName(approver: Approver): string {
  return approver.person?.name ?? "Any administrator";
}

/** `Bob Lindqvist, who owns web-1, decides.` with the system in backticks. */
export function approverLine(approver: Approver): string {
  return `${approverName(approver)} decides: ${approver.person ? "" : "whoever "}${approver.because}.`;
}
