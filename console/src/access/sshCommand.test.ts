import { expect, test } from "vitest";
import { sshCommand } from "./sshCommand";

const grant = { login: "root", target: "web-1" };

test("the command names login, target and gateway", () => {
  expect(sshCommand(grant, { host: "tenure.example.com", port: 2222 })).toBe("ssh -p 2222 root@web-1@tenure.example.com");
});

test("the ordinary port is left out", () => {
  expect(sshCommand(grant, { host: "gate", port: 22 })).toBe("ssh root@web-1@gate");
});
