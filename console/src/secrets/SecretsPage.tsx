// Names of secrets, folder by folder. A value is shown on a secret's own page only, and only when it is asked for.
import { Button } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { SecretLine } from "../api/types";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { Page } from "../shell/Page";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { isFolder, lastPart } from "./names";
import { secretsPage } from "./queries";
import { SecretPage } from "./SecretPage";
import { Trail } from "./Trail";
import { WriteDrawer } from "./WriteDrawer";

export function SecretsPage() {
  const { prefix = "", name } = useSearch({ from: "/frame/secrets" });
  return name ? <SecretPage key={name} name={name} /> : <Folder key={prefix} prefix={prefix} />;
}

function Folder({ prefix }: { prefix: string }) {
  const mayUse = useMay("secrets.use");
  const seesAll = useMay("secrets.read");
  const [writing, setWriting] = useState(false);
  const list = usePages(["secrets", "names", prefix], (after) => secretsPage(prefix, after));
  return (
    <Page
      title="Secrets"
      lead="A grant for a folder of a safe lets you read or write what lies in it. Every reading leaves evidence."
      actions={mayUse && <Button onClick={() => setWriting(true)}>New secret</Button>}
    >
      <Trail prefix={prefix} />
      <Listing label={`Secrets in ${prefix || "every safe"}`} columns={COLUMNS} rows={list.items} error={list.error} rowKey={(s) => s.name} more={list.more} busy={list.isFetching}
        empty={{
          title: prefix ? "Nothing lies here" : "No secret is kept",
          hint: seesAll ? undefined : <>You see the folders that you hold a grant for, see <Link className="link" to="/my-access">My access</Link>.</>,
        }}
      />
      <WriteDrawer target={writing ? { prefix } : null} onClose={() => setWriting(false)} />
    </Page>
  );
}

const COLUMNS: Column<SecretLine>[] = [
  {
    header: "Name",
    cell: (s) => <Link className="link mono" to="/secrets" search={isFolder(s.name) ? { prefix: s.name } : { name: s.name }}>{lastPart(s.name)}</Link>,
  },
  { header: "Purpose", cell: (s) => s.purpose ?? <span className="dim">{isFolder(s.name) ? "folder" : "—"}</span> },
  { header: "Owner", cell: (s) => <Who actor={s.owner} />, on: "wide" },
  { header: "Version", cell: (s) => s.version ?? <span className="dim">—</span>, on: "wide" },
  { header: "Written", cell: (s) => <When at={s.updated_at} /> },
];
