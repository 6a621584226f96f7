// Who had access to something at some moment, and why.
import { Autocomplete, Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, take } from "../api/client";
import type { Holding } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { Page } from "../shell/Page";
import { Prose } from "../shell/Prose";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { systemsQuery } from "../systems/queries";
import { When } from "../time/When";
import { absolute, count } from "../time/format";
import { fromLocal, toLocal } from "../time/local";

export function AsOfPage() {
  const asked = useSearch({ from: "/frame/as-of" });
  const navigate = useNavigate();
  const [target, setTarget] = useState(asked.target ?? "");
  const [login, setLogin] = useState(asked.login ?? "");
  const [at, setAt] = useState(() => toLocal(asked.at ?? new Date().toISOString()));

  const systems = useQuery(systemsQuery);
  const chosen = systems.data?.items.find((system) => system.name === target);
  const answer = useQuery({
    queryKey: ["as-of", asked],
    queryFn: () =>
      take(
        api.GET("/api/v1/access/as-of", {
          params: { query: { target: asked.target ?? "", login: asked.login || undefined, at: asked.at ?? "" } },
        }),
      ),
    enabled: Boolean(asked.target && asked.at),
    staleTime: Infinity,
  });

  return (
    <Page title="Access as of" lead="Who had access to a system at one moment, and why: what was true then by all that is known now, and what the ledger said at that moment.">
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ to: "/as-of", search: { target: target.trim(), login: login.trim() || undefined, at: fromLocal(at) } });
        }}
      >
        <Autocomplete label="System" placeholder="web-1" required data={systems.data?.items.map((s) => s.name)} value={target} onChange={setTarget} />
        <Autocomplete label="Login" placeholder="any" data={chosen?.logins ?? []} value={login} onChange={setLogin} />
        <TextInput label="At" type="datetime-local" step={1} required value={at} onChange={(e) => setAt(e.currentTarget.value)} />
        <Button type="submit" loading={answer.isFetching}>Answer</Button>
      </form>
      {(answer.data || answer.error) && (
        <>
          <Listing
            label="Holders"
            columns={COLUMNS}
            rows={answer.data?.holdings}
            error={answer.error}
            rowKey={(h) => h.grant}
            empty={{
              title: `Nobody had access to ${asked.login ? `${asked.login}@` : ""}${asked.target} at ${absolute(asked.at ?? "")}`,
              hint: "Tenure knew of no grant that stood at that moment.",
            }}
          />
          {answer.data && <p className="dim" style={{ marginTop: 12, fontSize: 13.5 }}>Read from the {count(answer.data.checkpoint)} entries of the ledger as it stands now.</p>}
        </>
      )}
    </Page>
  );
}

const COLUMNS: Column<Holding>[] = [
  { header: "Who", cell: (h) => <Who actor={h.holder} /> },
  { header: "Login", cell: (h) => <span className="mono">{h.login}</span> },
  { header: "Role", cell: (h) => <span className="mono">{h.role}</span>, on: "wide" },
  { header: "From", cell: (h) => <When at={h.from} show="absolute" /> },
  { header: "Until", cell: (h) => <When at={h.until} show="absolute" /> },
  { header: "Because", cell: (h) => <Prose text={h.because} />, on: "wide" },
  { header: "True then", cell: (h) => <YesNo yes={h.true_on} />, on: "wide" },
  { header: "Known then", cell: (h) => <YesNo yes={h.known_on} />, on: "wide" },
  {
    header: "Story",
    quiet: true,
    align: "number",
    cell: (h) => <Link className="link" to="/grants/$id" params={{ id: h.grant }}>Story</Link>,
  },
];

function YesNo({ yes }: { yes: boolean }) {
  return <StateBadge tone={yes ? "good" : "plain"}>{yes ? "yes" : "no"}</StateBadge>;
}
