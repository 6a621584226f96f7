import { expect, test } from "vitest";
import { accountState, causeOf, changedBy, credentialLabel, dependentState, every, kindName, rotationState, versionState } from "./words";

test("an account whose credential nobody knows is bad, and says so in words", () => {
  expect(accountState({ state: "unknown" })).toEqual(["unknown: nothing kept logs in", "bad"]);
  expect(accountState({ state: "settled" })[1]).toBe("good");
  expect(accountState({ state: "changing" })[1]).toBe("warn");
});

test("an account that is no longer managed has no state to worry about", () => {
  expect(accountState({ state: "unknown", unmanaged_at: "2026-11-22T06:00:00Z" })).toEqual(["no longer managed", "plain"]);
});

test("a lost rotation is bad, and a state that is new to the console is shown as it is", () => {
  expect(rotationState("lost")[1]).toBe("bad");
  expect(rotationState("paused")).toEqual(["paused", "plain"]);
});

test("a destroyed version says that it is", () => {
  expect(versionState({ state: "previous", destroyed_at: "2026-11-22T06:00:00Z" })).toEqual(["previous, destroyed", "plain"]);
  expect(versionState({ state: "current", destroyed_at: null })).toEqual(["current", "good"]);
});

test("kinds and schedules are written as people write them", () => {
  expect(kindName("ssh_key")).toBe("SSH key");
  expect([credentialLabel("password"), credentialLabel("ssh_key")]).toEqual(["Password", "SSH key"]);
  expect(every(30 * 86_400)).toBe("every 30 d");
  expect(every(null)).toBe("not by schedule");
});

test("a kept file that does not hold the present password is told from one that does", () => {
  const account = { current: 3 };
  expect(dependentState({ state: "kept", holds: 3 }, account)).toEqual(["up to date", "good"]);
  expect(dependentState({ state: "kept", holds: 2 }, account)[1]).toBe("warn");
  expect(dependentState({ state: "kept", holds: 2, last_error: "web-1: it is not there" }, account)[1]).toBe("bad");
  expect(dependentState({ state: "found", holds: 3 }, account)[1]).toBe("plain");
});

test("on a host it is always Tenure that changes a credential, and never what it cannot log in with", () => {
  expect(changedBy({ verifiable: true, change_as: "itself" }, true)).toBe("Tenure, signed in to the host");
  expect(changedBy({ verifiable: true, change_as: "itself" }, false)).toBe("the account itself");
  expect(changedBy({ verifiable: true, change_as: "administrator" }, false)).toBe("the administrator of the service");
  expect(changedBy({ verifiable: false, change_as: "itself" }, true)).toBe("a person, who then gives Tenure the new one");
});

test("every cause of a rotation is told, and one that is new to the console is shown as it is", () => {
  const causes = ["person", "schedule", "checked_in", "overdue", "forced", "grant_ended", "leaver", "leak", "drift", "reconcile", "import"];
  for (const cause of causes) expect(causeOf(cause)).not.toBe(cause.replaceAll("_", " "));
  expect(causeOf("phase_of_moon")).toBe("phase of moon");
});
