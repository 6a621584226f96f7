// A page that cannot be shown, and why.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Page } from "./Page";
import { ProblemLine } from "./ProblemLine";

export function Refused({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <div style={{ maxWidth: 640, margin: "12vh auto", padding: "0 20px" }}>
      <Page title="This page cannot be shown">
        <ProblemLine error={error} />
        <Button variant="default" mt="md" onClick={() => (reset ? reset() : location.reload())}>Try again</Button>
      </Page>
    </div>
  );
}

export function NotFound() {
  return (
    <main style={{ maxWidth: 640, margin: "12vh auto", padding: "0 20px" }}>
      <Page title="There is no such page" lead="The address may be mistyped, or from an older version of Tenure.">
        <Link to="/" className="link">Go to the start</Link>
      </Page>
    </main>
  );
}
