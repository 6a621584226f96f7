import { describe, expect, test } from "vitest";
import { position, remaining } from "./term";

const term = { from: "2026-11-21T12:00:00Z", until: "2026-11-21T13:00:00Z" };
const at = (clock: string) => Date.parse(`2026-11-21T${clock}Z`);

describe("what remains of a term", () => {
  test("half of it at half time", () => {
    expect(remaining(term, at("12:30:00"))).toEqual({ phase: "running", left: 1_800_000, share: 0.5 });
  });
  test("it is closing in its last tenth", () => {
    expect(remaining(term, at("12:53:59")).phase).toBe("running");
    expect(remaining(term, at("12:54:00")).phase).toBe("closing");
  });
  test("a short term is closing in its last two minutes", () => {
    const short = { from: "2026-11-21T12:00:00Z", until: "2026-11-21T12:05:00Z" };
    expect(remaining(short, at("12:03:00")).phase).toBe("closing");
  });
  test("nothing remains from its end on", () => {
    expect(remaining(term, at("13:00:00"))).toEqual({ phase: "over", left: 0, share: 0 });
  });
  test("nothing remains after an early end, however much time was left", () => {
    expect(remaining({ ...term, endedAt: "2026-11-21T12:10:00Z" }, at("12:11:00")).phase).toBe("over");
  });
  test("all of it before it begins", () => {
    expect(remaining(term, at("11:00:00"))).toMatchObject({ phase: "ahead", share: 1 });
  });
});

test("a moment outside the span is drawn at its edge", () => {
  expect(position(5, 10, 20)).toBe(0);
  expect(position(15, 10, 20)).toBe(0.5);
  expect(position(25, 10, 20)).toBe(1);
  expect(position(5, 10, 10)).toBe(0);
});
