// What can be reached, in which order, and which permission shows it. Hiding is a courtesy; the API decides.
import type { ComponentType } from "react";
import {
  AccountIcon, ApproveIcon, AsOfIcon, AssignmentIcon, BreakerIcon, CheckoutIcon, DriftIcon, EntitlementIcon, FindingIcon, GrantIcon,
  ImportIcon, InventoryIcon, IssuerIcon, KeyIcon, LeaseIcon, LeaverIcon, LedgerIcon, LinkIcon, MachineIcon, MatchIcon, MoverIcon, OverviewIcon,
  PeopleIcon, PlanIcon, SafeIcon, SealIcon, SearchIcon, SessionIcon, SimulationIcon, SourceIcon, StandingIcon, SystemIcon, TargetIcon,
  TicketIcon, type IconProps,
} from "../icons";

export interface Place {
  to: string;
  label: string;
  icon: ComponentType<IconProps>;
  /** Any one of these permissions. */
  needs: string[];
}

export interface Group {
  heading: string | null;
  places: Place[];
}

const GROUPS: Group[] = [
  {
    heading: null,
    places: [
      { to: "/overview", label: "Overview", icon: OverviewIcon, needs: ["grants.read", "sessions.read"] },
      { to: "/my-access", label: "My access", icon: KeyIcon, needs: ["self.read"] },
      { to: "/requests", label: "Approvals", icon: ApproveIcon, needs: ["requests.decide", "requests.read"] },
      { to: "/tickets", label: "Tickets", icon: TicketIcon, needs: ["tickets.work", "tickets.manage"] },
      { to: "/credentials", label: "My keys and tokens", icon: LinkIcon, needs: ["self.credentials"] },
    ],
  },
  {
    heading: "Privilege in use",
    places: [
      { to: "/sessions", label: "Sessions", icon: SessionIcon, needs: ["sessions.read", "self.read"] },
      { to: "/grants", label: "Grants", icon: GrantIcon, needs: ["grants.read"] },
      { to: "/targets", label: "Targets", icon: TargetIcon, needs: ["targets.read"] },
      { to: "/accounts", label: "Accounts", icon: AccountIcon, needs: ["accounts.read"] },
      { to: "/checkouts", label: "Checkouts", icon: CheckoutIcon, needs: ["checkouts.use", "checkouts.read"] },
      { to: "/leases", label: "Leases", icon: LeaseIcon, needs: ["leases.use", "leases.read"] },
      { to: "/issuers", label: "Issuers", icon: IssuerIcon, needs: ["leases.use", "leases.read", "profiles.write"] },
      { to: "/secrets", label: "Secrets", icon: SafeIcon, needs: ["secrets.use", "secrets.read"] },
    ],
  },
  {
    heading: "Who may hold it",
    places: [
      { to: "/identities", label: "Identities", icon: PeopleIcon, needs: ["identities.read"] },
      { to: "/leavers", label: "Leavers", icon: LeaverIcon, needs: ["identities.read"] },
      { to: "/movers", label: "Movers", icon: MoverIcon, needs: ["identities.read"] },
      { to: "/machines", label: "Machines", icon: MachineIcon, needs: ["machines.own", "machines.read"] },
      { to: "/sources", label: "Sources", icon: SourceIcon, needs: ["sources.read"] },
      { to: "/imports", label: "Imports", icon: ImportIcon, needs: ["identities.read"] },
      { to: "/cases", label: "Match cases", icon: MatchIcon, needs: ["cases.read"] },
      { to: "/systems", label: "Systems and roles", icon: SystemIcon, needs: ["systems.read"] },
      { to: "/assignments", label: "Assignments", icon: AssignmentIcon, needs: ["inventory.read"] },
      { to: "/entitlements", label: "Entitlements", icon: EntitlementIcon, needs: ["inventory.read"] },
    ],
  },
  {
    heading: "What systems hold",
    places: [
      { to: "/inventory", label: "Inventory", icon: InventoryIcon, needs: ["inventory.read"] },
      { to: "/standing", label: "Standing privileges", icon: StandingIcon, needs: ["inventory.read"] },
      { to: "/plans", label: "Plans", icon: PlanIcon, needs: ["plans.read"] },
      { to: "/simulations", label: "Simulations", icon: SimulationIcon, needs: ["plans.read"] },
      { to: "/drifts", label: "Drifts", icon: DriftIcon, needs: ["cases.read"] },
      { to: "/breakers", label: "Breakers", icon: BreakerIcon, needs: ["inventory.read", "systems.write"] },
    ],
  },
  {
    heading: "Evidence",
    places: [
      { to: "/as-of", label: "Access as of", icon: AsOfIcon, needs: ["access.read"] },
      { to: "/ledger", label: "Ledger", icon: LedgerIcon, needs: ["ledger.read"] },
      { to: "/findings", label: "Findings", icon: FindingIcon, needs: ["findings.read"] },
      { to: "/scans", label: "Scans", icon: SearchIcon, needs: ["hygiene.scan"] },
      { to: "/seal", label: "Seal", icon: SealIcon, needs: ["seal.rekey", "seal.seal", "invariants.verify"] },
    ],
  },
];

/** The groups and places that these permissions show; empty groups are left out. */
export function visible(permissions: readonly string[]): Group[] {
  const has = new Set(permissions);
  return GROUPS.map((group) => ({
    ...group,
    places: group.places.filter((place) => place.needs.some((need) => has.has(need))),
  })).filter((group) => group.places.length > 0);
}

/** Where a person lands after signing in. */
export function home(permissions: readonly string[]): string {
  return visible(permissions)[0]?.places[0]?.to ?? "/my-access";
}
