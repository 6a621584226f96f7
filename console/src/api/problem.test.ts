import { expect, test } from "vitest";
import { isSealed, lineOf, problemFrom } from "./problem";

test("the detail of a problem becomes one sentence", () => {
  const problem = problemFrom(403, {
    type: "about:blank",
    title: "Forbidden",
    status: 403,
    detail: "you asked for this yourself; the owner of `web-1` must decide",
    code: "own_request",
  });
  expect(problem.code).toBe("own_request");
  expect(lineOf(problem)).toBe("You asked for this yourself; the owner of `web-1` must decide.");
});

test("an answer that is no problem document still says what to do", () => {
  expect(lineOf(problemFrom(429, "<html>"))).toBe("Too many attempts; wait a minute and try again.");
  expect(lineOf(problemFrom(502, undefined))).toContain("(502)");
  expect(problemFrom(404, { detail: "  " }).code).toBe("http_404");
});

test("a title is used only where nothing better is known", () => {
  expect(lineOf(problemFrom(418, { title: "I am a teapot" }))).toBe("I am a teapot.");
  expect(lineOf(problemFrom(404, { title: "Not Found" }))).toContain("may not see it");
});

test("a broken connection is told apart from a refusal", () => {
  expect(lineOf(new TypeError("Failed to fetch"))).toContain("cannot be reached");
});

test("a sealed server is told from one that is only busy", () => {
  expect(isSealed(problemFrom(503, { code: "sealed", detail: "the server is sealed" }))).toBe(true);
  expect(isSealed(problemFrom(503, { code: "stopping" }))).toBe(false);
  expect(isSealed(problemFrom(403, { code: "sealed" }))).toBe(false);
});
