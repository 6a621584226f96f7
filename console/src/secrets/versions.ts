// What is asked once more before a version is deleted, brought back or destroyed.
import type { ConfirmedAct } from "../shell/ConfirmDialog";
import { deleteVersions, destroyVersions, undeleteVersions } from "./queries";

export function deleting(name: string, version: number): ConfirmedAct {
  return {
    title: `Delete version ${version}`,
    consequence: "Nobody can read it until it is brought back. What uses this secret gets an error if this is the current version.",
    verb: "Delete",
    tone: "bad",
    done: `Version ${version} is deleted; it can be brought back.`,
    act: () => deleteVersions(name, [version]),
  };
}

export function undeleting(name: string, version: number): ConfirmedAct {
  return {
    title: `Bring version ${version} back`,
    consequence: "Whoever holds a grant for this folder can read it again.",
    verb: "Bring back",
    tone: "good",
    done: `Version ${version} can be read again.`,
    act: () => undeleteVersions(name, [version]),
  };
}

export function destroying(name: string, version: number): ConfirmedAct {
  return {
    title: `Destroy version ${version}`,
    consequence: "Its bytes are overwritten. It never comes back, for nobody; that it was there stays in the evidence.",
    verb: "Destroy it for good",
    tone: "bad",
    done: `Version ${version} is destroyed.`,
    act: () => destroyVersions(name, [version]),
  };
}
