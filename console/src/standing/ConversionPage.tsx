// One conversion: what it is about, and every step with its evidence.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ConversionStep } from "../api/types";
import { Facts } from "../shell/Facts";
import { Listing, type Column } from "../shell/Listing";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { State } from "./Conversions";
import { conversionQuery } from "./queries";
import { stepLine } from "./words";

export function ConversionPage() {
  const { id } = useParams({ from: "/frame/standing/conversions/$id" });
  const query = useQuery(conversionQuery(id));
  const one = query.data;
  if (!one) return <Page title="Conversion">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  return (
    <Page title={`${one.slug} on ${one.system}`} lead={<State conversion={one} />}>
      <Section title="The conversion">
        <div className="sheet sheet-pad">
          <Facts
            pairs={[
              ["Whose", <Who actor={one.identity} />],
              ["Account", <span className="mono">{one.login}</span>],
              ["Asked for by", <span className="mono">{one.role}</span>],
              ["Begun", <><When at={one.began_at} show="both" /> <Who actor={one.began_by} /></>],
              ["Undone unless gone by", one.state === "removing" && <When at={one.deadline} show="both" />],
              ["Over", one.over_at && <When at={one.over_at} show="both" />],
            ]}
          />
        </div>
      </Section>
      <Section title="Steps">
        <Listing label="Steps" columns={STEPS} rows={one.steps} rowKey={(step) => step.seq} empty={{ title: "Nothing has happened yet" }} />
      </Section>
    </Page>
  );
}

const STEPS: Column<ConversionStep>[] = [
  { header: "At", cell: (step) => <When at={step.at} show="both" /> },
  { header: "What", cell: (step) => stepLine(step.kind) },
  { header: "By", cell: (step) => <Who actor={step.actor} />, on: "wide" },
];
