// What one person is to hold on systems, and because of what.
import { Button } from "@mantine/core";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Identity } from "../api/types";
import { assignmentsOfPage } from "../identities/queries";
import { useMay, useMe } from "../shell/me";
import { Section } from "../shell/Page";
import { AssignmentsTable } from "./AssignmentsTable";
import { GiveDrawer } from "./GiveDrawer";

export function AssignmentsOf({ person }: { person: Identity }) {
  const me = useMe();
  const mayGive = useMay("entitlements.write") && me.identity.id !== person.id && person.state !== "terminated" && person.state !== "archived";
  const [giving, setGiving] = useState(false);
  const list = usePages(["assignments", "of", person.id], (after) => assignmentsOfPage(person.id, after));
  return (
    <Section title="Assignments" aside={mayGive && <Button size="compact-sm" variant="subtle" onClick={() => setGiving(true)}>Give</Button>}>
      <AssignmentsTable of="one person" rows={list.items} error={list.error} more={list.more} busy={list.isFetching} empty={{ title: "Was given nothing, and no condition gives anything" }} />
      <GiveDrawer to={giving ? person : null} onClose={() => setGiving(false)} />
    </Section>
  );
}
