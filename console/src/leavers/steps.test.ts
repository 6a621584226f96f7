import { expect, test } from "vitest";
import { leaverState, stepLine } from "./steps";

test("every step is told, and one that is new to the console is shown as it is", () => {
  for (const step of ["await_sessions_ended", "await_privilege_gone", "await_accounts_disabled", "await_ownership", "done", "cancelled"]) {
    expect(stepLine(step)).not.toContain("_");
    expect(stepLine(step)).not.toBe(step.replaceAll("_", " "));
  }
  expect(stepLine("await_godot")).toBe("await godot");
  expect(leaverState("await_ownership")).toEqual(["needs an owner", "warn"]);
  expect(leaverState("done")[1]).toBe("good");
});
