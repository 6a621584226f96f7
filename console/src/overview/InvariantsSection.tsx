// The invariants, derived again from the database and the targets when this is shown.
import { useQuery } from "@tanstack/react-query";
import { CheckIcon, CrossIcon } from "../icons";
import { Loading } from "../shell/Loading";
import { Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Prose } from "../shell/Prose";
import { count } from "../time/format";
import { When } from "../time/When";
import { invariantsQuery } from "./queries";

export function InvariantsSection() {
  const invariants = useQuery(invariantsQuery);
  const data = invariants.data;
  return (
    <div id="invariants">
      <Section title="Invariants" aside={data && <span className="dim">derived again <When at={data.at} /></span>}>
        {invariants.error && !data && <ProblemLine error={invariants.error} />}
        {!data && !invariants.error && <div className="sheet sheet-pad"><Loading /></div>}
        {data && (
          <ul className="invariants sheet">
            {Object.entries(data.checked).map(([name, checked]) => {
              const problems = data.problems.filter((problem) => problem.invariant === name);
              return (
                <li key={name} data-broken={problems.length > 0 || undefined}>
                  {problems.length === 0 ? <CheckIcon size={16} /> : <CrossIcon size={16} />}
                  <div>
                    <span className="sr-only">{problems.length === 0 ? "holds: " : "broken: "}</span>
                    {words(name)}
                    {problems.map((problem) => <p key={problem.detail}><Prose text={problem.detail} /></p>)}
                  </div>
                  <span className="dim">{count(checked)} checked</span>
                </li>
              );
            })}
          </ul>
        )}
      </Section>
    </div>
  );
}

function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
