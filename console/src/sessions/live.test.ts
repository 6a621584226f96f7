import { expect, test } from "vitest";
import { read } from "./live";

test("the header sets the size, output is shown, a new size is followed", () => {
  expect(read('{"version":2,"width":120,"height":40}')).toEqual({ kind: "reset", size: { cols: 120, rows: 40 } });
  expect(read('[1.5,"o","hello\\r\\n"]')).toEqual({ kind: "output", data: "hello\r\n" });
  expect(read('[2,"r","100x30"]')).toEqual({ kind: "resize", size: { cols: 100, rows: 30 } });
});

test("a terminal without a size is shown in the usual one", () => {
  expect(read('{"version":2,"width":0,"height":0}')).toEqual({ kind: "reset", size: { cols: 80, rows: 24 } });
  expect(read('[2,"r","0x0"]')).toEqual({ kind: "resize", size: { cols: 80, rows: 24 } });
});

test("what cannot be shown is left out, and nothing breaks", () => {
  expect(read('[1,"i","secret"]')).toBeNull();
  expect(read('[1,"m","file opened"]')).toBeNull();
  expect(read("not json")).toBeNull();
  expect(read('{"hello":1}')).toBeNull();
});
