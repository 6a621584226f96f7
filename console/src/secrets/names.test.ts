import { expect, test } from "vitest";
import { folderOf, isFolder, isName, lastPart, customOf, customText, mayIn, placeOf, shownValue, trail, valueOf } from "./names";

test("a prefix is walked part by part", () => {
  expect(trail("prod/app/")).toEqual([{ part: "prod", prefix: "prod/" }, { part: "app", prefix: "prod/app/" }]);
  expect(trail("")).toEqual([]);
  expect(lastPart("prod/app/")).toBe("app/");
  expect(lastPart("prod/app/db")).toBe("db");
  expect(folderOf("prod/app/db")).toBe("prod/app/");
});

test("a secret lies in a folder of a safe; a folder is none", () => {
  expect(isName("prod/app/db")).toBe(true);
  expect(isName("prod/db")).toBe(false);
  expect(isName("prod//db")).toBe(false);
  expect(isName("prod/app/db/")).toBe(false);
  expect(isFolder("prod/app/")).toBe(true);
  expect(isName(`prod/app/${"x/".repeat(8)}x`)).toBe(false);
});

test("rows become a value; spaces in a value are kept", () => {
  expect(valueOf([{ key: " user ", value: "app" }, { key: "password", value: " p " }, { key: "", value: "" }])).toEqual({
    data: { user: "app", password: " p " },
  });
});

test("a value without a key, a key that is given twice and nothing at all are refused", () => {
  expect(valueOf([{ key: "", value: "x" }])).toEqual({ problem: "give every value a key" });
  expect(valueOf([{ key: "a", value: "1" }, { key: "a", value: "2" }])).toEqual({ problem: "the key `a` is given twice" });
  expect(valueOf([{ key: "", value: "" }])).toEqual({ problem: "give at least one key" });
});

test("what every object has by itself is an ordinary key", () => {
  expect(valueOf([{ key: "toString", value: "x" }])).toEqual({ data: { toString: "x" } });
  expect(JSON.stringify(valueOf([{ key: "__proto__", value: "x" }]))).toBe('{"data":{"__proto__":"x"}}');
});

test("numbers and truth values are shown as JSON writes them", () => {
  expect(shownValue("5432")).toBe("5432");
  expect(shownValue(5432)).toBe("5432");
  expect(shownValue(null)).toBe("null");
});

test("what may be done in a folder follows from the grants that stand for it, and from no other", () => {
  const grant = { login: "shop", target: "prod", channels: ["secret_read"], state: "standing" };
  expect(mayIn("prod/shop/db", [grant])).toEqual({ read: true, write: false });
  expect(mayIn("prod/shop/db", [grant, { ...grant, channels: ["secret_write"] }])).toEqual({ read: true, write: true });
  expect(mayIn("prod/shop/db", [{ ...grant, state: "ended" }, { ...grant, login: "billing" }, { ...grant, target: "test" }])).toEqual({ read: false, write: false });
  expect(placeOf("prod/shop/mail/smtp")).toEqual({ login: "shop", target: "prod" });
});

test("metadata is edited line by line, and a line without a key is refused", () => {
  const custom = { ticket: "OPS-1432", url: "https://wiki.example.com/db" };
  expect(customOf(customText(custom))).toEqual({ custom });
  expect(customOf(" \n")).toEqual({ custom: {} });
  expect(customOf("no key here")).toEqual({ problem: "write `no key here` as `key: value`" });
  expect(customOf("a: 1\na: 2")).toEqual({ problem: "the key `a` is given twice" });
});
