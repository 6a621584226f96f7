// Who has power on systems all the time, by which way and how risky that is; and what of it is on its way to being had on
// request.
import { Button, Checkbox, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePages } from "../api/pages";
import type { Identity, StandingPrivilege } from "../api/types";
import { PersonSelect } from "../identities/PersonSelect";
import { healthQuery } from "../inventory/queries";
import { Listing, type Column } from "../shell/Listing";
import { useMay, useMe } from "../shell/me";
import { Page } from "../shell/Page";
import { StateBadge } from "../shell/StateBadge";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { Conversions } from "./Conversions";
import { ConvertDrawer } from "./ConvertDrawer";
import { standingPage, type StandingFilter } from "./queries";
import { riskTone, unusedDays, wayLine } from "./words";

export function StandingPage() {
  const [shown, setShown] = useState("standing");
  return (
    <Page title="Standing privileges" lead="Who has power on systems all the time. What is needed now and then can be had on request instead: its holder may ask for it, and the membership is taken away.">
      <div className="filters">
        <SegmentedControl aria-label="What" size="sm" value={shown} onChange={setShown} data={[{ label: "Standing", value: "standing" }, { label: "Conversions", value: "conversions" }]} />
      </div>
      {shown === "standing" ? <Standing /> : <Conversions />}
    </Page>
  );
}

function Standing() {
  const me = useMe();
  const mayConvert = useMay("entitlements.write");
  const systems = useQuery(healthQuery);
  const [system, setSystem] = useState<string | null>(null);
  const [owner, setOwner] = useState<Identity | null>(null);
  const [risk, setRisk] = useState<string | null>(null);
  const [chosen, setChosen] = useState<StandingPrivilege[]>([]);
  const [converting, setConverting] = useState<StandingPrivilege[] | null>(null);
  const filter: StandingFilter = { system: system ?? undefined, owner: owner?.id, risk: (risk ?? undefined) as StandingFilter["risk"] };
  const list = usePages(["standing", "list", filter], (after) => standingPage(filter, after));
  const toggle = (one: StandingPrivilege, on: boolean) => setChosen((was) => (on ? [...was, one] : was.filter((each) => each.id !== one.id)));
  const isChosen = (one: StandingPrivilege) => chosen.some((each) => each.id === one.id);
  const columns = mayConvert ? [choice(me.identity.id, isChosen, toggle), ...COLUMNS] : COLUMNS;
  return (
    <>
      <div className="filters" style={{ alignItems: "flex-end" }}>
        <Select label="System" placeholder="any" clearable searchable w={180} data={systems.data?.items.map((each) => each.system) ?? []} value={system} onChange={setSystem} />
        <PersonSelect label="Owner" optional person={owner} onChange={setOwner} />
        <Select label="At least" placeholder="any risk" clearable w={150} data={["low", "medium", "high", "critical"]} value={risk} onChange={setRisk} />
        {mayConvert && <Button disabled={chosen.length === 0} onClick={() => setConverting(chosen)}>{chosen.length > 1 ? `Convert ${chosen.length}` : "Convert"}</Button>}
      </div>
      <Listing label="Standing privileges" columns={columns} rows={list.items} error={list.error} more={list.more} busy={list.isFetching} rowKey={(one) => one.id}
        empty={system ?? owner ?? risk ? { title: "No standing privilege fits", hint: list.more ? "There may be more further on." : undefined } : { title: "Nobody has standing power on a system that was read" }} />
      <ConvertDrawer
        privileges={converting}
        onClose={() => {
          setConverting(null);
          setChosen([]);
        }}
      />
    </>
  );
}

/** Nobody converts their own, and what cannot be converted cannot be chosen. */
function choice(me: string, isChosen: (one: StandingPrivilege) => boolean, toggle: (one: StandingPrivilege, on: boolean) => void): Column<StandingPrivilege> {
  return {
    header: "Choose",
    quiet: true,
    width: 40,
    cell: (one) => one.why_not === null && one.holder?.id !== me && (
      <Checkbox aria-label={`Choose ${one.entitlement_name ?? ""} of ${one.login} on ${one.system}`} checked={isChosen(one)} onChange={(event) => toggle(one, event.currentTarget.checked)} />
    ),
  };
}

const COLUMNS: Column<StandingPrivilege>[] = [
  { header: "Account", cell: (one) => <><Link className="link mono" to="/inventory/accounts/$id" params={{ id: one.account }}>{one.login}</Link> <span className="dim">on {one.system}</span></> },
  { header: "Power", cell: (one) => one.powers.map((power) => <div key={power.path.join("/") + power.why}>{wayLine(power)}</div>) },
  { header: "Whose", cell: (one) => (one.holder ? <Who actor={one.holder} /> : <span className="dim">{one.account_state.replaceAll("_", " ")}</span>), on: "wide" },
  { header: "Owner", cell: (one) => one.owner && <Who actor={one.owner} />, on: "wide" },
  { header: "Last used", cell: (one) => <LastUsed at={one.last_used_at} />, on: "wide" },
  { header: "Risk", cell: (one) => <><StateBadge tone={riskTone(one.risk)}>{one.risk}</StateBadge><Small lines={one.risk_because} /></> },
  { header: "Convert", cell: (one) => (one.why_not ? <Small lines={[one.why_not]} /> : "can be converted"), on: "wide" },
];

function LastUsed({ at }: { at: string | null | undefined }) {
  const days = unusedDays(at, Date.now());
  return days === null ? <span className="dim">not known</span> : <><When at={at} />{days > 0 && <Small lines={[`${days} days ago`]} />}</>;
}

function Small({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => <div key={line} className="dim" style={{ fontSize: 13.5 }}>{line}</div>);
}
