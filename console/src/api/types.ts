// The API's nouns by their short names. The only place that knows how the generated schema calls them.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
/** What a GET of an address answers: for nouns that share a short name with another one. */
type Read<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { "application/json": infer T } } } } } ? T : never;

/** A person, or a duty of Tenure itself, whose id is no identity's. */
export type Person = Schemas["Person"];
export type Me = Schemas["Me"] & {
  /** Where people reach the SSH gateway. */
  gateway?: { host: string; port: number } | null;
};
export type Eligibility = Schemas["Eligibility"];
export type AccessRequest = Schemas["Request"];
export type RequestState = "pending" | "approved" | "denied" | "cancelled" | "expired";
export type Grant = Schemas["Grant"];
export type Line = Schemas["StoryLine"];
export type Chapter = Omit<Schemas["Chapter"], "lines"> & { lines: Line[] };
export type Story = Omit<Schemas["Story"], "chapters"> & { chapters: Chapter[] };
export type Session = Schemas["Session"];
export type Identity = Schemas["Identity"];
export type IdentityDetail = Schemas["IdentityDetail"];
export type Version = Schemas["Version"];
export type Import = Schemas["Import"];
export type ImportRun = Schemas["ImportRun"];
export type ImportDetail = Schemas["ImportDetail"];
export type Change = Schemas["Change"];
/** A source of people. */
export type Source = Schemas["PeopleSource"];
export type ScimClient = Schemas["ScimClient"];
/** What one source states of one person. */
export type SourceRecord = Schemas["SourceRecord"];
export type StatedValue = Schemas["StatedValue"];
export type MatchCase = Schemas["MatchCase"];
export type MatchCaseDetail = Schemas["MatchCaseDetail"];
export type IdentityTimeline = Schemas["IdentityTimeline"];
export type StatePhase = Schemas["StatePhase"];
export type StateOrder = Schemas["StateOrder"];
export type Assignment = Schemas["Assignment"];
export type Entitlement = Schemas["Entitlement"];
export type System = Schemas["System"];
export type Role = Schemas["Role"];
export type Target = Schemas["Target"];
export type Service = Schemas["Service"];
/** A login that discovery saw on a target. */
export type Account = Read<"/api/v1/targets/{name}/accounts">["items"][number];
export type Discovery = Schemas["Discovery"];
export type Holding = Schemas["Holding"];
export type Finding = Schemas["Finding"];
export type Overview = Schemas["Overview"];
/** An account under management: Tenure keeps its credential. */
export type ManagedAccount = Read<"/api/v1/accounts/{id}">;
export type CredentialVersion = Read<"/api/v1/accounts/{id}/history">["items"][number];
export type Rotation = Read<"/api/v1/rotations/{id}">;
/** A file on a host that holds the password of an account. */
export type Dependent = Schemas["Dependent"];
export type Rehearsal = Schemas["DependentRehearsal"];
export type Checkout = Schemas["Checkout"];
export type CheckedOut = Schemas["CheckedOut"];
export type Lease = Schemas["Lease"];
export type IssuedLease = Schemas["IssuedLease"];
export type ServiceBacklog = Schemas["ServiceBacklog"];
export type SealStatus = Schemas["SealStatus"];
export type Resealing = Schemas["Resealing"];
export type SecretLine = Schemas["SecretLine"];
export type SecretMetadata = Schemas["SecretMetadata"];
export type SecretVersion = Schemas["SecretVersion"];
export type SecretValue = Schemas["SecretValue"];
export type WrappedSecret = Schemas["WrappedSecret"];
export type Machine = Schemas["Machine"];
export type MachineDetail = Schemas["MachineDetail"];
export type Issuer = Schemas["Issuer"];
export type IssuerKey = Issuer["keys"][number];
export type IssuerProfile = Schemas["IssuerProfile"];
export type Issued = Schemas["Issued"];
export type Issuance = Schemas["Issuance"];
export type IssueOrder = Schemas["Order"];
export type Scan = Schemas["Scan"];
export type RecordingsScan = Schemas["RecordingsScan"];
export type Lint = Schemas["Lint"];
/** What a person is asked to do on a system that nothing of Tenure's reaches. */
export type Ticket = Schemas["Ticket"];
/** What is to be done on a system so that it holds what it should. */
export type Plan = Schemas["ReconciliationPlan"];
export type PlanStep = Schemas["PlanStep"];
export type PlanOutcome = Schemas["PlanOutcome"];
/** What other declarations would do to everybody. */
export type Simulation = Schemas["Simulation"];
export type SimulationLine = Schemas["SimulationLine"];
export type SimulationEffect = Schemas["SimulationEffect"];
export type ConfigurationFault = Schemas["ConfigurationFault"];
/** Something ordered on a system. */
export type SystemOrder = Schemas["SystemOrder"];
export type Drift = Schemas["Drift"];
/** Power that somebody has all the time, and what becomes of it when it is to be had on request. */
export type StandingPrivilege = Schemas["StandingPrivilege"];
export type Conversion = Schemas["Conversion"];
export type ConversionStep = Schemas["ConversionStep"];
export type ConversionRehearsal = Schemas["ConversionRehearsal"];
export type Breaker = Schemas["BreakerSetting"];
/** How accounts on a system are made and kept. */
export type Mapping = Schemas["Mapping"];
export type SystemHealth = Schemas["SystemHealth"];
export type Missing = Schemas["Missing"];
/** An account as it is on its system. */
export type ObservedAccount = Schemas["ObservedAccount"];
export type ObservedAccountDetail = Schemas["ObservedAccountDetail"];
export type ObservedEntitlement = Schemas["ObservedEntitlement"];
export type EntitlementMember = Schemas["EntitlementMember"];
export type AccountHolding = Schemas["AccountHolding"];
export type Leaver = Schemas["Leaver"];
export type LeaverDetail = Schemas["LeaverDetail"];
export type LeaverOrder = Schemas["LeaverOrder"];
export type Ownership = Schemas["Ownership"];
export type Mover = Schemas["Mover"];
export type MoverEntitlement = Schemas["MoverEntitlement"];
/** A reading of a source that Tenure reads itself. */
export type SourceReading = Schemas["SourceReading"];
