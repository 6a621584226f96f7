// My API tokens. A token's text is shown once, when it is made.
import { Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, take } from "../api/client";
import { Command } from "../shell/Copy";
import { Listing } from "../shell/Listing";
import { useMe } from "../shell/me";
import { Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { When } from "../time/When";

const KEY = ["me", "tokens"];

export function Tokens() {
  const client = useQueryClient();
  const tokens = useQuery({ queryKey: KEY, queryFn: () => take(api.GET("/api/v1/me/tokens")) });
  const revoke = useMutation({
    mutationFn: (id: string) => take(api.DELETE("/api/v1/me/tokens/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Section title="API tokens">
      <div style={{ display: "grid", gap: 14 }}>
        <ProblemLine error={revoke.error} />
        <Listing
          label="API tokens"
          rows={tokens.data?.items}
          error={tokens.error}
          rowKey={(t) => t.id}
          empty={{ title: "No token exists", hint: "The command line and scripts use one." }}
          columns={[
            { header: "Name", cell: (t) => t.name },
            { header: "May", cell: (t) => <span className="mono">{t.scopes.join(", ")}</span>, on: "wide" },
            { header: "Expires", cell: (t) => <When at={t.expires_at} /> },
            {
              header: "Act",
              quiet: true,
              align: "number",
              cell: (t) => (
                <Button size="compact-sm" variant="subtle" color="brick" loading={revoke.isPending && revoke.variables === t.id}
                  aria-label={`Revoke ${t.name}`} onClick={() => revoke.mutate(t.id)}>Revoke</Button>
              ),
            },
          ]}
        />
        <NewToken />
      </div>
    </Section>
  );
}

function NewToken() {
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState("30");
  const [scopes, setScopes] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () => take(api.POST("/api/v1/me/tokens", { body: { name: name.trim(), scopes, days: Number(days) } })),
    onSuccess: async () => {
      setName("");
      await client.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <form
      className="sheet sheet-pad"
      style={{ display: "grid", gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <MultiSelect label="May" description="Only what the script needs; never more than you may yourself." required searchable data={me.permissions} value={scopes} onChange={setScopes}
        placeholder={scopes.length === 0 ? "choose permissions" : undefined} />
      <Group align="flex-end" gap="sm">
        <TextInput label="Name" placeholder="backup script" required value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Select label="Expires after" data={[{ value: "1", label: "1 day" }, { value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "90", label: "90 days" }]}
          value={days} onChange={(value) => setDays(value ?? "30")} allowDeselect={false} w={130} />
        <Button type="submit" variant="default" loading={make.isPending} disabled={scopes.length === 0}>Make a token</Button>
      </Group>
      <ProblemLine error={make.error} />
      {make.data && (
        <div>
          <p style={{ marginBottom: 6 }}>Copy it now; it is not shown again.</p>
          <Command text={make.data.secret} what="the token" />
        </div>
      )}
    </form>
  );
}
