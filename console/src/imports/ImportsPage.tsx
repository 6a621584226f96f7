// A feed of a source is read as a dry run first; the runs there were are below.
import { Button } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMay } from "../shell/me";
import { Page, Section } from "../shell/Page";
import "./imports.css";
import { RunsOf } from "./RunsOf";
import { Upload } from "./Upload";

export function ImportsPage() {
  const { source } = useSearch({ from: "/frame/imports" });
  const navigate = useNavigate({ from: "/imports" });
  const mayImport = useMay("identities.import");
  return (
    <Page title="Imports" lead="First a feed is read without changing anything; you see what would happen, then apply it.">
      {mayImport && (
        <Section title="New feed">
          <Upload source={source ?? "hr"} onSource={(name) => void navigate({ search: { source: name }, replace: true })} />
        </Section>
      )}
      <Section
        title={source ? `Runs of ${source}` : "Runs"}
        aside={source && <Button variant="subtle" size="compact-sm" renderRoot={(props) => <Link {...props} to="/imports" search={{}} />}>Runs of every source</Button>}
      >
        <RunsOf source={source} />
      </Section>
    </Page>
  );
}
