// The claims of a story, each with a mark and what it rests on.
import type { Session, Story } from "../api/types";
import { AsOfIcon, CheckIcon, CrossIcon } from "../icons";
import { proofs, type Proof } from "./proofs";

const MARKS: Record<Proof["holds"], { icon: typeof CheckIcon; word: string }> = {
  yes: { icon: CheckIcon, word: "proven" },
  no: { icon: CrossIcon, word: "broken" },
  open: { icon: AsOfIcon, word: "open" },
};

export function Proofs({ story, sessions }: { story: Story; sessions: Session[] }) {
  return (
    <ul className="proofs">
      {proofs(story, sessions).map((proof) => {
        const mark = MARKS[proof.holds];
        return (
          <li key={proof.claim} data-holds={proof.holds}>
            <mark.icon size={16} />
            <div>
              <b>{proof.claim}</b><span className="sr-only">: {mark.word}</span>
              <span className="dim">{proof.because}</span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
