import { expect, test } from "vitest";
import { backlogState, causeOf, clientCommand, leaseState, servicesOf, sweepLine } from "./words";

const oldest = "2026-11-22T08:00:00Z";
const after = (minutes: number) => Date.parse(oldest) + minutes * 60_000;

test("a backlog is bad once its oldest has waited for more than five minutes", () => {
  expect(backlogState({ count: 3, oldest }, after(5))).toEqual(["being removed", "warn"]);
  expect(backlogState({ count: 3, oldest }, after(5.1))).toEqual(["stuck", "bad"]);
  expect(backlogState({ count: 0, oldest }, after(60))).toEqual(["nothing waits", "good"]);
});

test("states and causes are said in words, also those that are new to the console", () => {
  expect(leaseState("gone")).toEqual(["seen gone", "plain"]);
  expect(leaseState("odd")).toEqual(["odd", "plain"]);
  expect(causeOf("grant_ended")).toBe("its grant ended");
  expect(causeOf("cluster_gone")).toBe("cluster gone");
  expect(causeOf(null)).toBeNull();
});

test("the command to connect never holds the password", () => {
  const at = { host: "db-1", port: 5432, database: "shop", user: "tnr_a" };
  expect(clientCommand({ ...at, engine: "postgres" })).toBe("psql -h db-1 -p 5432 -U tnr_a -d shop");
  expect(clientCommand({ ...at, engine: "mariadb", port: 3306, database: null })).toBe("mariadb -h db-1 -P 3306 -u tnr_a -p");
});

test("a sweep says what it found, and is not well while an orphan was not seen gone", () => {
  expect(sweepLine("shop-db", { found: 3, orphans: 0, removed: 0 })).toEqual(["shop-db: 3 credentials there, each explained by a lease.", true]);
  expect(sweepLine("shop-db", { found: 3, orphans: 2, removed: 2 })[1]).toBe(true);
  expect(sweepLine("shop-db", { found: 3, orphans: 2, removed: 1 })).toEqual(["shop-db: 2 credentials that no lease explains; 1 of them not seen gone yet.", false]);
});

test("a service is offered once, also one that makes nothing any more while its backlog lasts", () => {
  expect(servicesOf([{ service: "shop-db" }, { service: "shop-db" }], [{ service: "old-db" }, { service: "shop-db" }])).toEqual(["old-db", "shop-db"]);
});
