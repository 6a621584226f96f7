// How much waits for the person who is signed in, by the place where they decide on it.
import { useQuery } from "@tanstack/react-query";
import { openCasesQuery } from "../cases/queries";
import { waitingDriftsQuery } from "../drifts/queries";
import { unownedQuery } from "../leavers/queries";
import { heldPlansQuery } from "../plans/queries";
import { toDecideQuery } from "../requests/queries";
import { openTicketsQuery } from "../tickets/queries";
import { useMay } from "./me";

export function useWaiting(): Partial<Record<string, number>> {
  const requests = useQuery({ ...toDecideQuery, enabled: useMay("requests.decide") });
  const records = useQuery({ ...openCasesQuery("record"), enabled: useMay("cases.decide") });
  const accounts = useQuery({ ...openCasesQuery("account"), enabled: useMay("cases.decide") });
  const tickets = useQuery({ ...openTicketsQuery, enabled: useMay("tickets.work") });
  const plans = useQuery({ ...heldPlansQuery, enabled: useMay("plans.confirm") });
  const drifts = useQuery({ ...waitingDriftsQuery, enabled: useMay("cases.decide") });
  const unowned = useQuery({ ...unownedQuery, enabled: useMay("cases.decide") });
  return {
    "/requests": requests.data?.items.length,
    "/tickets": tickets.data?.items.length,
    "/cases": (records.data?.items.length ?? 0) + (accounts.data?.items.length ?? 0),
    "/leavers": unowned.data?.items.length,
    "/plans": plans.data?.items.length,
    "/drifts": drifts.data?.items.length,
  };
}
