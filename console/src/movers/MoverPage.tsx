// One move: which roles were lost and gained, what of the old ones is kept for a while, and what ended at once.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { MoverEntitlement } from "../api/types";
import { Account } from "../shell/Account";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { MoverState } from "./MoversPage";
import { moverQuery } from "./queries";
import { whyEnded } from "./words";

export function MoverPage() {
  const { id } = useParams({ from: "/frame/movers/$id" });
  const query = useQuery(moverQuery(id));
  const mover = query.data;
  if (!mover) return <Page title="Mover">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={`${mover.identity.name} moved`} lead={<MoverState mover={mover} />}>
      <Section title="The move">
        <div className="sheet sheet-pad">
          <Facts
            pairs={[
              ["Who", <Who actor={mover.identity} />],
              ["When", <When at={mover.begun_at} show="both" />],
              ["Roles lost", <span className="mono">{mover.lost.join(", ") || "none"}</span>],
              ["Roles gained", <span className="mono">{mover.gained.join(", ") || "none"}</span>],
              ["What is kept ends", mover.kept.length > 0 && <When at={mover.grace_until} show="both" />],
              ["Settled", mover.settled_at && <When at={mover.settled_at} show="both" />],
            ]}
          />
        </div>
      </Section>
      <Section title="Kept for a while">
        <Listing label="Kept" columns={KEPT} rows={mover.kept} rowKey={keyOf} empty={{ title: "Nothing is kept" }} />
      </Section>
      <Section title="Ended at once">
        <Listing label="Ended at once" columns={ENDED} rows={mover.ended} rowKey={keyOf} empty={{ title: "Nothing ended at once" }} />
      </Section>
    </Page>
  );
}

function keyOf({ system, entitlement, role }: MoverEntitlement): string {
  return `${system} ${entitlement} ${role}`;
}

const KEPT: Column<MoverEntitlement>[] = [
  { header: "Entitlement", cell: (e) => <Account login={e.entitlement} target={e.system} /> },
  { header: "Of the role", cell: (e) => <span className="mono">{e.role}</span> },
];
const ENDED: Column<MoverEntitlement>[] = [...KEPT, { header: "Because", cell: (e) => whyEnded(e.why) }];
