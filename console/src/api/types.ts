// The API's nouns by their short names. The only place that knows how the generated schema calls them.
import type { components } from "./schema";

type Schemas = components["schemas"];

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
export type Account = Schemas["Account"];
export type Discovery = Schemas["Discovery"];
export type Holding = Schemas["Holding"];
export type Finding = Schemas["Finding"];
export type Overview = Schemas["Overview"];
