// How accounts on a system are made and kept; without that it is read and never changed.
import { useQuery } from "@tanstack/react-query";
import type { Mapping } from "../api/types";
import { Facts } from "../shell/Facts";
import { useMay } from "../shell/me";
import { Notice } from "../shell/Notice";
import { Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { mappingsQuery } from "./queries";
import { attributesOf, driftPolicy, leaversAccount } from "./words";

export function MappingOf({ system }: { system: string }) {
  const mappings = useQuery({ ...mappingsQuery, enabled: useMay("systems.read") });
  const mapping = mappings.data?.items.find((each) => each.system === system);
  if (!mappings.data) return <ProblemLine error={mappings.error} />;
  return (
    <Section title="How accounts are made and kept there">
      {mapping ? <div className="sheet sheet-pad"><Said mapping={mapping} /></div> : <Notice tone="plain"><div>It is read and never changed: no mapping says how accounts are made there.</div></Notice>}
    </Section>
  );
}

function Said({ mapping }: { mapping: Mapping }) {
  const set = attributesOf(mapping.attributes);
  const compared = attributesOf(mapping.compares);
  return (
    <Facts
      pairs={[
        ["Logins", <span className="mono">{mapping.login}</span>],
        ["For people who should have one", mapping.creates ? "an account is made" : "no account is made"],
        ["A new name", mapping.renames ? "changes the login too" : "leaves the login as it is"],
        ["What is changed by hand", driftPolicy(mapping.drift)],
        ["The account of a leaver", leaversAccount(mapping)],
        ["Set", set.length > 0 && <Templates pairs={set} />],
        ["Compared, never set", compared.length > 0 && <Templates pairs={compared} />],
        ["What proves whose an account is", mapping.authoritative.length > 0 && mapping.authoritative.join(", ")],
      ]}
    />
  );
}

function Templates({ pairs }: { pairs: [string, string][] }) {
  return pairs.map(([name, template]) => <div key={name}>{name} <span className="mono dim">{template}</span></div>);
}
