import { existsSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CrossfadeError, Unavailable } from "../../../src/engine/model/errors.ts";
import { saidOf } from "../../support/said.ts";
import { basic, Login } from "../support/login.ts";

const version = "client.authentication.k8s.io/v1";

/** A plugin that says what the test wrote into a file, or fails with what is in another. */
function plugin(login: Login): { exec: object; says: (status: object) => void; fails: (words: string | null) => void } {
  const script = login.at("plugin");
  const words = login.at("fails");
  const lines = ["#!/bin/sh", `if [ -e ${words} ]; then cat ${words} >&2; exit 255; fi`, `cat ${login.at("says")}`];
  writeFileSync(script, `${lines.join("\n")}\n`, { mode: 0o700 });
  return {
    exec: { apiVersion: version, command: script, interactiveMode: "Never" },
    says: (said) =>
      writeFileSync(login.at("says"), JSON.stringify({ apiVersion: version, kind: "ExecCredential", status: said })),
    fails: (said) => (said === null ? rmSync(words, { force: true }) : writeFileSync(words, said)),
  };
}

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

describe("a static token, a password", () => {
  test.each<[string, [object, string], [object, string]]>([
    ["token", [{ token: "t1" }, "Bearer t1"], [{ token: "t2" }, "Bearer t2"]],
    [
      "password",
      [{ username: "a", password: "p1" }, basic("a:p1")],
      [{ username: "a", password: "p2" }, basic("a:p2")],
    ],
  ])("%s: valid; refused; taken again once somebody has logged in", async (_what, [user, first], [later, second]) => {
    await using login = await Login.open(first);
    login.as(user).atWork();
    expect(await login.ask()).toBe("asked");
    login.taken.clear();
    login.taken.add(second);
    expect(await login.ask()).toMatchObject({ status: 401 });
    login.writes(later);
    expect(await login.ask()).toBe("asked");
  });
});

describe("a token file", () => {
  test("is read anew when the server refuses what was in it", async () => {
    await using login = await Login.open("Bearer t1");
    writeFileSync(login.at("token"), "t1\n");
    login.as({ tokenFile: login.at("token") }).atWork();
    expect(await login.ask()).toBe("asked");
    login.taken.clear();
    login.taken.add("Bearer t2");
    writeFileSync(login.at("token"), "t2");
    expect(await login.ask()).toBe("asked");
  });

  test("that cannot be read at the start is one sentence", async () => {
    await using login = await Login.open();
    const thrown = await login.as({ tokenFile: login.at("token") }).ask();
    expect(thrown).toBeInstanceOf(CrossfadeError);
    expect(saidOf(thrown)).toMatchObject({ code: "KUBECONFIG", message: expect.stringContaining("cannot be read") });
  });

  test("that is away for a moment at work is no answer, and goes on by itself", async () => {
    await using login = await Login.open();
    login.as({ tokenFile: login.at("token") }).atWork();
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(thrown).toMatchObject({ retryAfterMs: 5_000 });
    expect(saidOf(thrown).message).toContain("token file");
  });
});

describe("a credential plugin", () => {
  test("valid, then ended, then renewed", async () => {
    await using login = await Login.open("Bearer p1");
    const { exec, says } = plugin(login);
    says({ token: "p1", expirationTimestamp: soon(1_000) });
    login.as({ exec }).atWork();
    expect(await login.ask()).toBe("asked");
    says({ token: "p2", expirationTimestamp: soon(3_600_000) });
    login.taken.add("Bearer p2");
    expect(await login.ask()).toBe("asked");
    expect(login.server.seen.at(-1)?.headers.authorization).toBe("Bearer p2");
  });

  test("refused by the server: it is run once more", async () => {
    await using login = await Login.open("Bearer p2");
    const { exec, says } = plugin(login);
    says({ token: "p1" });
    login.as({ exec }).atWork();
    expect(await login.ask()).toMatchObject({ status: 401 });
    says({ token: "p2" });
    expect(await login.ask()).toBe("asked");
  });

  const words = "Error loading SSO Token: Token for prod has expired, secret=CANARYofThePlugin";

  test("that fails at the start is one sentence", async () => {
    await using login = await Login.open();
    const { exec, fails } = plugin(login);
    fails(words);
    const thrown = await login.as({ exec }).ask();
    expect(saidOf(thrown)).toMatchObject({ code: "KUBECONFIG", message: expect.stringContaining("exit code 255") });
  });

  test("that fails at work is no answer, in its own words and without its secrets", async () => {
    await using login = await Login.open("Bearer p1");
    const { exec, says, fails } = plugin(login);
    says({ token: "p1", expirationTimestamp: soon(0) });
    login.as({ exec });
    expect(await login.ask()).toBe("asked");
    login.atWork();
    fails(words);
    const thrown = await login.ask();
    expect(thrown).toBeInstanceOf(Unavailable);
    expect(String(thrown)).toContain("SSO Token: Token for prod has expired");
    expect(String(thrown)).not.toContain("CANARY");
  });

  test("that must ask on a terminal: at work it is waited for", async () => {
    await using login = await Login.open();
    const { exec } = plugin(login);
    login.as({ exec: { ...exec, interactiveMode: "Always" } }).atWork();
    expect(await login.ask()).toBeInstanceOf(Unavailable);
    expect(existsSync(login.at("says"))).toBe(false);
  });
});

test.each([
  ["gcp", /gke-gcloud-auth-plugin/],
  ["azure", /kubelogin/],
  ["openstack", /exec plugin/],
])("auth-provider: %s is a sentence that names what took its place", async (name, remedy) => {
  await using login = await Login.open();
  const thrown = await login
    .as({ "auth-provider": { name, config: { "access-token": "x", expiry: "2020-01-01T00:00:00Z" } } })
    .ask();
  expect(thrown).toBeInstanceOf(CrossfadeError);
  expect(saidOf(thrown)).toMatchObject({
    message: expect.stringContaining("1.26"),
    remedy: expect.stringMatching(remedy),
  });
});
