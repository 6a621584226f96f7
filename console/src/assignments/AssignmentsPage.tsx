// Roles and entitlements that people have: given by a person with a reason, or following from the condition of a role.
import { Button, Group, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePages } from "../api/pages";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import { rolesQuery } from "../systems/queries";
import { AssignmentsTable } from "./AssignmentsTable";
import { GiveDrawer } from "./GiveDrawer";
import { assignmentsPage } from "./queries";

export function AssignmentsPage() {
  const mayGive = useMay("entitlements.write");
  const maySeeRoles = useMay("systems.read");
  const roles = useQuery({ ...rolesQuery, enabled: maySeeRoles });
  const [role, setRole] = useState<string | null>(null);
  const [which, setWhich] = useState("open");
  const [giving, setGiving] = useState(false);
  const list = usePages(["assignments", role, which], (after) => assignmentsPage({ role: role ?? undefined, open: which === "open" ? true : undefined }, after));
  return (
    <Page
      title="Assignments"
      lead="What people are to hold on systems. Some follow from the condition of a role and end with it; others a person gave, with a reason and often an end."
      actions={mayGive && <Button onClick={() => setGiving(true)}>Give somebody</Button>}
    >
      <Section
        title="Who has what"
        aside={
          <Group gap="xs">
            <Select size="xs" w={180} aria-label="Role" placeholder="any role" clearable searchable data={roles.data?.items.map((each) => each.name) ?? []} value={role} onChange={setRole} />
            <SegmentedControl aria-label="Which" size="xs" value={which} onChange={setWhich} data={[{ label: "Not ended", value: "open" }, { label: "All", value: "all" }]} />
          </Group>
        }
      >
        <AssignmentsTable of="everybody" rows={list.items} error={list.error} more={list.more} busy={list.isFetching}
          empty={role ? { title: "Nobody has this role by an assignment" } : { title: "Nobody was given anything" }} />
      </Section>
      <GiveDrawer to={giving ? "anybody" : null} onClose={() => setGiving(false)} />
    </Page>
  );
}
