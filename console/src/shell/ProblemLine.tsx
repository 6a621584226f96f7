// What went wrong, in one line that says what to do.
import { lineOf } from "../api/problem";
import { FindingIcon } from "../icons";
import { Prose } from "./Prose";

export function ProblemLine({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <div className="problem" role="alert">
      <FindingIcon />
      <span><Prose text={lineOf(error)} /></span>
    </div>
  );
}
