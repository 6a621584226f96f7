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
