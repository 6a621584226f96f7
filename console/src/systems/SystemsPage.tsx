// The systems, who answers for each, and the roles that make people eligible.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Role, System } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { Page, Section } from "../shell/Page";
import { Who } from "../shell/Who";
import { useMay } from "../shell/me";
import { minutes } from "../time/format";
import { targetsQuery } from "../targets/queries";
import { rolesQuery, systemsQuery } from "./queries";

export function SystemsPage() {
  const systems = useQuery(systemsQuery);
  const roles = useQuery(rolesQuery);
  const targets = useQuery({ ...targetsQuery, enabled: useMay("targets.read") });
  const hosts = new Set(targets.data?.items.map((target) => target.name));
  return (
    <Page title="Systems and roles" lead="Every system has an owner who decides on requests. A role never gives access; it makes people eligible to ask.">
      <Section title="Systems">
        <Listing label="Systems" columns={systemColumns(hosts)} rows={systems.data?.items} error={systems.error} rowKey={(s) => s.name} empty={{ title: "No system is declared" }} />
      </Section>
      <Section title="Roles">
        <Listing label="Roles" columns={ROLES} rows={roles.data?.items} error={roles.error} rowKey={(r) => r.name} empty={{ title: "No role is declared" }} />
      </Section>
    </Page>
  );
}

/** Only a host has a page of its own; a system may also be a service or a safe. */
const systemColumns = (hosts: ReadonlySet<string>): Column<System>[] => [
  {
    header: "System",
    cell: (s) => (hosts.has(s.name) ? <Link className="link mono" to="/targets/$name" params={{ name: s.name }}>{s.name}</Link> : <span className="mono">{s.name}</span>),
  },
  { header: "Purpose", cell: (s) => s.description, on: "wide" },
  { header: "Owner", cell: (s) => <Who actor={s.owner} /> },
  { header: "Logins", cell: (s) => <span className="mono">{s.logins.join(", ")}</span> },
];

const ROLES: Column<Role>[] = [
  { header: "Role", cell: (r) => <><span className="mono nowrap">{r.name}</span><div className="dim" style={{ fontSize: 13.5 }}>{r.description}</div></> },
  {
    header: "For people with",
    on: "wide",
    cell: (r) => r.when.map((c, i) => <div key={i}><Condition condition={c} /></div>),
  },
  {
    header: "May ask for",
    cell: (r) =>
      r.makes_eligible.map((e, i) => (
        <div key={i}>
          <Account login={String(e["login"])} target={String(e["system"])} /> <span className="dim nowrap">at most {minutes(Number(e["max_minutes"]))}</span>
        </div>
      )),
  },
];

/** `attribute` and one test: `equals`, `one_of` or `starts_with`. */
function Condition({ condition }: { condition: Record<string, unknown> }) {
  const [test, value] = Object.entries(condition).find(([name]) => name !== "attribute") ?? ["", ""];
  const shown = Array.isArray(value) ? value.join(" or ") : String(value);
  return (
    <>
      <span className="dim">{String(condition["attribute"]).replaceAll("_", " ")}{test === "starts_with" ? " starts with" : ""}</span> {shown}
    </>
  );
}
