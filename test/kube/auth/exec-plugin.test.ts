import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ChosenContext } from "../../../src/kube/auth/kubeconfig.ts";
import { UserCredentials } from "../../../src/kube/auth/user-credentials.ts";
import { inWords } from "../../support/said.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "plugin-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const v1 = "client.authentication.k8s.io/v1";
const log = () => path.join(folder, "log");
const runs = () => (existsSync(log()) ? readFileSync(log(), "utf8").trim().split("\n") : []);

/** A plugin that logs what it was told and hands out token-1, token-2, … */
function plugin(status = "{ token: 'token-' + n }", more = ""): string {
  const file = path.join(folder, "plugin.mjs");
  writeFileSync(
    file,
    `import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(log())}, process.env.KUBERNETES_EXEC_INFO + "\\n");
     const n = readFileSync(${JSON.stringify(log())}, "utf8").trim().split("\\n").length;
     ${more}
     console.log(JSON.stringify({ apiVersion: "${v1}", kind: "ExecCredential", status: ${status} }));`,
  );
  return file;
}

function contextWith(file: string, exec: object = {}): ChosenContext {
  const user = {
    exec: { apiVersion: v1, command: process.execPath, args: [file], interactiveMode: "IfAvailable", ...exec },
  };
  return { context: "x", kubeconfigPath: "", server: "http://127.0.0.1:1", cluster: {}, user };
}

test("eight first calls at once run the plugin once, and a later call asks nobody", async () => {
  const credentials = new UserCredentials(contextWith(plugin()), { env: process.env, mayPrompt: false });
  const all = await Promise.all(Array.from({ length: 8 }, () => credentials.current()));
  expect(new Set(all.map(({ headers }) => headers["Authorization"]))).toEqual(new Set(["Bearer token-1"]));
  await credentials.current();
  expect(runs().length).toBe(1);
});

test("after a 401 it is run once more, however many calls met it", async () => {
  const credentials = new UserCredentials(contextWith(plugin()), { env: process.env, mayPrompt: false });
  await credentials.current();
  const again = await Promise.all(
    Array.from({ length: 8 }, async () => {
      await credentials.refresh();
      return (await credentials.current()).headers["Authorization"];
    }),
  );
  expect(new Set(again)).toEqual(new Set(["Bearer token-2"]));
  expect(runs().length).toBe(2);
});

test("a token that has expired is renewed before it is used", async () => {
  const past =
    "{ token: 'token-' + n, expirationTimestamp: new Date(Date.now() + (n === 1 ? 0 : 3600000)).toISOString() }";
  const credentials = new UserCredentials(contextWith(plugin(past)), { env: process.env, mayPrompt: false });
  await credentials.current();
  expect((await credentials.current()).headers["Authorization"]).toBe("Bearer token-2");
  await credentials.current();
  expect(runs().length).toBe(2);
});

test("it is told of the cluster when it asks, and that there is no terminal", async () => {
  const context = {
    ...contextWith(plugin(), { provideClusterInfo: true }),
    cluster: {
      "tls-server-name": "api",
      extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "a" } }],
    },
  };
  await new UserCredentials(context, { env: process.env, mayPrompt: false }).current();
  expect(JSON.parse(runs()[0] ?? "")).toEqual({
    apiVersion: v1,
    kind: "ExecCredential",
    spec: {
      interactive: false,
      cluster: { server: "http://127.0.0.1:1", "tls-server-name": "api", config: { audience: "a" } },
    },
  });
});

const refusals: readonly [what: string, exec: object, more: string, message: RegExp][] = [
  ["one that must ask has no terminal to ask on", { interactiveMode: "Always" }, "", /must ask on a terminal/],
  ["one that is not there", { command: "/nowhere/login" }, "", /was not found/],
  [
    "one that fails says why",
    {},
    "console.error('first log in'); process.exit(3);",
    /failed with exit code 3: first log in/,
  ],
  ["one that answers nonsense", {}, "console.log('hello'); process.exit(0);", /not JSON/],
  ["one of an old version", { apiVersion: "client.authentication.k8s.io/v1alpha1" }, "", /no longer speaks/],
];

test.each(refusals)("%s", async (_what, exec, more, message) => {
  const credentials = new UserCredentials(contextWith(plugin("{ token: 'x' }", more), exec), {
    env: process.env,
    mayPrompt: false,
  });
  await expect(inWords(credentials.current())).rejects.toMatchObject({
    code: "KUBECONFIG",
    message: expect.stringMatching(message),
  });
});

test("a token file is read again after a 401", async () => {
  const tokenFile = path.join(folder, "token");
  writeFileSync(tokenFile, "old\n");
  const context: ChosenContext = {
    context: "x",
    kubeconfigPath: "",
    server: "http://127.0.0.1:1",
    cluster: {},
    user: { tokenFile },
  };
  const credentials = new UserCredentials(context, { env: {}, mayPrompt: false });
  expect((await credentials.current()).headers["Authorization"]).toBe("Bearer old");
  writeFileSync(tokenFile, "new");
  expect(await credentials.refresh()).toBe(true);
  expect((await credentials.current()).headers["Authorization"]).toBe("Bearer new");
});

const loggedIn = (token: string, server = "https://api:6443") => ({
  context: "c",
  kubeconfigPath: "/tmp/kubeconfig",
  server,
  cluster: { server },
  user: { token },
});
const bearer = async (credentials: UserCredentials) => (await credentials.current()).headers["Authorization"];

test("after a 401 the kubeconfig is read again: whoever logged in meanwhile is gone on as, and only on the same cluster", async () => {
  let now = loggedIn("old");
  const credentials = new UserCredentials(now, { env: {}, mayPrompt: false, reread: () => now });
  expect(await bearer(credentials)).toBe("Bearer old");
  // Nobody has logged in: there is nothing new to try with.
  expect(await credentials.refresh()).toBe(false);
  now = loggedIn("other", "https://elsewhere:6443");
  expect(await credentials.refresh()).toBe(false);
  expect(await bearer(credentials)).toBe("Bearer old");
  now = loggedIn("new");
  expect(await credentials.refresh()).toBe(true);
  expect(await bearer(credentials)).toBe("Bearer new");
});

test("a kubeconfig that cannot be read at that moment changes nothing", async () => {
  const reread = () => {
    throw new Error("half written");
  };
  const credentials = new UserCredentials(loggedIn("old"), { env: {}, mayPrompt: false, reread });
  expect(await credentials.refresh()).toBe(false);
  expect(await bearer(credentials)).toBe("Bearer old");
});
