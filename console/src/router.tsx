// Every address of the console. Pages are loaded when they are first opened.
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import { Problem } from "./api/problem";
import { AppFrame } from "./shell/AppFrame";
import { meQuery } from "./shell/me";
import { home } from "./shell/nav";
import { NotFound, Refused } from "./shell/Refused";
import { queryClient } from "./shell/queryClient";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Refused,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = search["next"];
    return typeof next === "string" && next.startsWith("/") && !next.startsWith("//") ? { next } : {};
  },
  component: lazyRouteComponent(() => import("./sign-in/SignInPage"), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./setup/SetupPage"), "SetupPage"),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
      }
      throw error;
    }
  },
  component: AppFrame,
  errorComponent: Refused,
});

const index = createRoute({
  getParentRoute: () => frame,
  path: "/",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    throw redirect({ to: home(me.permissions) });
  },
});

const overview = createRoute({
  getParentRoute: () => frame,
  path: "/overview",
  component: lazyRouteComponent(() => import("./overview/OverviewPage"), "OverviewPage"),
});
const myAccess = createRoute({
  getParentRoute: () => frame,
  path: "/my-access",
  component: lazyRouteComponent(() => import("./access/MyAccessPage"), "MyAccessPage"),
});
const asOf = createRoute({
  getParentRoute: () => frame,
  path: "/as-of",
  validateSearch: (search: Record<string, unknown>): { target?: string; login?: string; at?: string } => {
    const one = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
    return { target: one("target"), login: one("login"), at: one("at") };
  },
  component: lazyRouteComponent(() => import("./access/AsOfPage"), "AsOfPage"),
});
const credentials = createRoute({
  getParentRoute: () => frame,
  path: "/credentials",
  component: lazyRouteComponent(() => import("./credentials/CredentialsPage"), "CredentialsPage"),
});
const requests = createRoute({
  getParentRoute: () => frame,
  path: "/requests",
  component: lazyRouteComponent(() => import("./requests/RequestsPage"), "RequestsPage"),
});
const request = createRoute({
  getParentRoute: () => frame,
  path: "/requests/$id",
  component: lazyRouteComponent(() => import("./requests/RequestPage"), "RequestPage"),
});
const sessions = createRoute({
  getParentRoute: () => frame,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./sessions/SessionsPage"), "SessionsPage"),
});
const session = createRoute({
  getParentRoute: () => frame,
  path: "/sessions/$id",
  component: lazyRouteComponent(() => import("./sessions/SessionPage"), "SessionPage"),
});
const grants = createRoute({
  getParentRoute: () => frame,
  path: "/grants",
  component: lazyRouteComponent(() => import("./grants/GrantsPage"), "GrantsPage"),
});
const story = createRoute({
  getParentRoute: () => frame,
  path: "/grants/$id",
  component: lazyRouteComponent(() => import("./grants/StoryPage"), "StoryPage"),
});
const identities = createRoute({
  getParentRoute: () => frame,
  path: "/identities",
  component: lazyRouteComponent(() => import("./identities/IdentitiesPage"), "IdentitiesPage"),
});
const identity = createRoute({
  getParentRoute: () => frame,
  path: "/identities/$id",
  component: lazyRouteComponent(() => import("./identities/IdentityPage"), "IdentityPage"),
});
const sources = createRoute({
  getParentRoute: () => frame,
  path: "/sources",
  component: lazyRouteComponent(() => import("./sources/SourcesPage"), "SourcesPage"),
});
const source = createRoute({
  getParentRoute: () => frame,
  path: "/sources/$name",
  component: lazyRouteComponent(() => import("./sources/SourcePage"), "SourcePage"),
});
const imports = createRoute({
  getParentRoute: () => frame,
  path: "/imports",
  validateSearch: (search: Record<string, unknown>): { source?: string } => (typeof search["source"] === "string" ? { source: search["source"] } : {}),
  component: lazyRouteComponent(() => import("./imports/ImportsPage"), "ImportsPage"),
});
const importRun = createRoute({
  getParentRoute: () => frame,
  path: "/imports/$id",
  component: lazyRouteComponent(() => import("./imports/ImportPage"), "ImportPage"),
});
const cases = createRoute({
  getParentRoute: () => frame,
  path: "/cases",
  component: lazyRouteComponent(() => import("./cases/CasesPage"), "CasesPage"),
});
const matchCase = createRoute({
  getParentRoute: () => frame,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("./cases/CasePage"), "CasePage"),
});
const assignments = createRoute({
  getParentRoute: () => frame,
  path: "/assignments",
  component: lazyRouteComponent(() => import("./assignments/AssignmentsPage"), "AssignmentsPage"),
});
const entitlements = createRoute({
  getParentRoute: () => frame,
  path: "/entitlements",
  component: lazyRouteComponent(() => import("./entitlements/EntitlementsPage"), "EntitlementsPage"),
});
const systems = createRoute({
  getParentRoute: () => frame,
  path: "/systems",
  component: lazyRouteComponent(() => import("./systems/SystemsPage"), "SystemsPage"),
});
const tickets = createRoute({
  getParentRoute: () => frame,
  path: "/tickets",
  component: lazyRouteComponent(() => import("./tickets/TicketsPage"), "TicketsPage"),
});
const ticket = createRoute({
  getParentRoute: () => frame,
  path: "/tickets/$id",
  component: lazyRouteComponent(() => import("./tickets/TicketPage"), "TicketPage"),
});
const leavers = createRoute({
  getParentRoute: () => frame,
  path: "/leavers",
  component: lazyRouteComponent(() => import("./leavers/LeaversPage"), "LeaversPage"),
});
const leaver = createRoute({
  getParentRoute: () => frame,
  path: "/leavers/$id",
  component: lazyRouteComponent(() => import("./leavers/LeaverPage"), "LeaverPage"),
});
const movers = createRoute({
  getParentRoute: () => frame,
  path: "/movers",
  component: lazyRouteComponent(() => import("./movers/MoversPage"), "MoversPage"),
});
const mover = createRoute({
  getParentRoute: () => frame,
  path: "/movers/$id",
  component: lazyRouteComponent(() => import("./movers/MoverPage"), "MoverPage"),
});
const inventory = createRoute({
  getParentRoute: () => frame,
  path: "/inventory",
  validateSearch: (search: Record<string, unknown>): { system?: string; state?: string } => {
    const one = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
    return { system: one("system"), state: one("state") };
  },
  component: lazyRouteComponent(() => import("./inventory/InventoryPage"), "InventoryPage"),
});
const inventorySystem = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/systems/$name",
  component: lazyRouteComponent(() => import("./inventory/SystemPage"), "SystemPage"),
});
const inventoryAccount = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/accounts/$id",
  component: lazyRouteComponent(() => import("./inventory/AccountPage"), "AccountPage"),
});
const plans = createRoute({
  getParentRoute: () => frame,
  path: "/plans",
  component: lazyRouteComponent(() => import("./plans/PlansPage"), "PlansPage"),
});
const plan = createRoute({
  getParentRoute: () => frame,
  path: "/plans/$id",
  component: lazyRouteComponent(() => import("./plans/PlanPage"), "PlanPage"),
});
const simulations = createRoute({
  getParentRoute: () => frame,
  path: "/simulations",
  component: lazyRouteComponent(() => import("./simulations/SimulationsPage"), "SimulationsPage"),
});
const simulation = createRoute({
  getParentRoute: () => frame,
  path: "/simulations/$id",
  component: lazyRouteComponent(() => import("./simulations/SimulationPage"), "SimulationPage"),
});
const drifts = createRoute({
  getParentRoute: () => frame,
  path: "/drifts",
  component: lazyRouteComponent(() => import("./drifts/DriftsPage"), "DriftsPage"),
});
const standing = createRoute({
  getParentRoute: () => frame,
  path: "/standing",
  component: lazyRouteComponent(() => import("./standing/StandingPage"), "StandingPage"),
});
const conversion = createRoute({
  getParentRoute: () => frame,
  path: "/standing/conversions/$id",
  component: lazyRouteComponent(() => import("./standing/ConversionPage"), "ConversionPage"),
});
const breakers = createRoute({
  getParentRoute: () => frame,
  path: "/breakers",
  component: lazyRouteComponent(() => import("./breakers/BreakersPage"), "BreakersPage"),
});
const targets = createRoute({
  getParentRoute: () => frame,
  path: "/targets",
  component: lazyRouteComponent(() => import("./targets/TargetsPage"), "TargetsPage"),
});
const target = createRoute({
  getParentRoute: () => frame,
  path: "/targets/$name",
  component: lazyRouteComponent(() => import("./targets/TargetPage"), "TargetPage"),
});
const accounts = createRoute({
  getParentRoute: () => frame,
  path: "/accounts",
  component: lazyRouteComponent(() => import("./accounts/AccountsPage"), "AccountsPage"),
});
const account = createRoute({
  getParentRoute: () => frame,
  path: "/accounts/$id",
  component: lazyRouteComponent(() => import("./accounts/AccountPage"), "AccountPage"),
});
const checkouts = createRoute({
  getParentRoute: () => frame,
  path: "/checkouts",
  component: lazyRouteComponent(() => import("./checkouts/CheckoutsPage"), "CheckoutsPage"),
});
const leases = createRoute({
  getParentRoute: () => frame,
  path: "/leases",
  component: lazyRouteComponent(() => import("./leases/LeasesPage"), "LeasesPage"),
});
const issuers = createRoute({
  getParentRoute: () => frame,
  path: "/issuers",
  component: lazyRouteComponent(() => import("./issuers/IssuersPage"), "IssuersPage"),
});
const issuer = createRoute({
  getParentRoute: () => frame,
  path: "/issuers/$name",
  component: lazyRouteComponent(() => import("./issuers/IssuerPage"), "IssuerPage"),
});
const scans = createRoute({
  getParentRoute: () => frame,
  path: "/scans",
  component: lazyRouteComponent(() => import("./hygiene/ScansPage"), "ScansPage"),
});
const secrets = createRoute({
  getParentRoute: () => frame,
  path: "/secrets",
  validateSearch: (search: Record<string, unknown>): { prefix?: string; name?: string } => {
    const one = (name: string) => (typeof search[name] === "string" ? search[name] : undefined);
    return { prefix: one("prefix"), name: one("name") };
  },
  component: lazyRouteComponent(() => import("./secrets/SecretsPage"), "SecretsPage"),
});
const machines = createRoute({
  getParentRoute: () => frame,
  path: "/machines",
  component: lazyRouteComponent(() => import("./machines/MachinesPage"), "MachinesPage"),
});
const machine = createRoute({
  getParentRoute: () => frame,
  path: "/machines/$id",
  component: lazyRouteComponent(() => import("./machines/MachinePage"), "MachinePage"),
});
const seal = createRoute({
  getParentRoute: () => frame,
  path: "/seal",
  component: lazyRouteComponent(() => import("./seal/SealPage"), "SealPage"),
});
const ledger = createRoute({
  getParentRoute: () => frame,
  path: "/ledger",
  component: lazyRouteComponent(() => import("./ledger/LedgerPage"), "LedgerPage"),
});
const findings = createRoute({
  getParentRoute: () => frame,
  path: "/findings",
  component: lazyRouteComponent(() => import("./findings/FindingsPage"), "FindingsPage"),
});

const tree = root.addChildren([
  signIn,
  setup,
  frame.addChildren([
    index, overview, myAccess, asOf, credentials, requests, request, sessions, session, grants, story, identities, identity,
    sources, source, imports, importRun, cases, matchCase, assignments, entitlements, systems,
    tickets, ticket, leavers, leaver, movers, mover, inventory, inventorySystem, inventoryAccount, plans, plan, simulations, simulation, drifts, standing, conversion, breakers, targets, target, accounts, account, checkouts, leases, issuers, issuer, secrets, scans,
    machines, machine, seal, ledger, findings,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultErrorComponent: Refused,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
