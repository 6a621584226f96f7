// What leavers owned, and who answers for each since; whoever may, hands it to somebody.
import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Identity, Ownership } from "../api/types";
import { PersonSelect } from "../identities/PersonSelect";
import { ActForm } from "../shell/ActForm";
import { Listing, type Column } from "../shell/Listing";
import { useMay } from "../shell/me";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { handOver } from "./queries";
import { ownershipState, thingKind } from "./words";

interface OwnershipsTableProps {
  rows: Ownership[] | undefined;
  /** Names the leaver, where the page does not. */
  of: "everybody" | "one leaver";
  error?: unknown;
  more?: () => void;
  busy?: boolean;
}

export function OwnershipsTable({ of, ...listing }: OwnershipsTableProps) {
  const mayDecide = useMay("cases.decide");
  const [thing, setThing] = useState<Ownership | null>(null);
  const acts: Column<Ownership> = {
    header: "Act",
    quiet: true,
    align: "number",
    cell: (o) => (o.state === "unowned" || o.state === "dies_at") && <Button size="compact-sm" variant="light" aria-label={`Hand over ${o.name}`} onClick={() => setThing(o)}>Hand over</Button>,
  };
  const columns = [THING, ...(of === "everybody" ? [OWNER] : []), ...REST, ...(mayDecide ? [acts] : [])];
  return (
    <>
      <Listing {...listing} label="What leavers owned" columns={columns} rowKey={(o) => o.id} empty={{ title: "They owned nothing" }} />
      <Modal opened={thing !== null} onClose={() => setThing(null)} title={thing && <b>Hand over {thing.name}</b>}>
        {thing && <HandOverForm thing={thing} onClose={() => setThing(null)} />}
      </Modal>
    </>
  );
}

const THING: Column<Ownership> = { header: "What", cell: (o) => <><span className="mono" style={{ overflowWrap: "anywhere" }}>{o.name}</span> <span className="dim">{thingKind(o.kind)}</span></> };
const OWNER: Column<Ownership> = { header: "Was of", cell: (o) => <Who actor={o.owner} /> };
const REST: Column<Ownership>[] = [
  { header: "Found", cell: (o) => <When at={o.found_at} />, on: "wide" },
  { header: "Because", cell: (o) => <span className="dim">{o.because ?? "—"}</span>, on: "wide" },
  { header: "State", cell: (o) => <State ownership={o} /> },
];

function State({ ownership }: { ownership: Ownership }) {
  const [word, tone] = ownershipState(ownership);
  return <StateBadge tone={tone}>{word}</StateBadge>;
}

function HandOverForm({ thing, onClose }: { thing: Ownership; onClose: () => void }) {
  const [person, setPerson] = useState<Identity | null>(null);
  const [reason, setReason] = useState("");
  return (
    <ActForm verb="Hand over" run={() => handOver(thing.id, person?.id ?? "", reason.trim())} done={`${thing.name} is ${person?.name ?? ""}'s.`} complete={person !== null && reason.trim() !== ""} onClose={onClose}>
      <p>A {thingKind(thing.kind)} that was {thing.owner.name}'s. Whoever gets it answers for it from now on.</p>
      <PersonSelect label="To whom" description="Somebody who works here." person={person} onChange={setPerson} />
      <Textarea label="Reason" description="Goes into the ledger and is shown to auditors." required autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </ActForm>
  );
}
