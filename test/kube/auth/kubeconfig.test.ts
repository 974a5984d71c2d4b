import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { CrossfadeError } from "../../../src/engine/model/errors.ts";
import { chooseContext } from "../../../src/kube/auth/kubeconfig.ts";
import { impersonation } from "../../../src/kube/auth/user-credentials.ts";
import { chooseProxy, isExempt } from "../../../src/kube/client/proxy-choice.ts";
import { inWords, saidOf } from "../../support/said.ts";

const folder = mkdtempSync(path.join(tmpdir(), "kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const where = path.join(folder, name);
  mkdirSync(path.dirname(where), { recursive: true });
  writeFileSync(where, content);
  return where;
}

const one = (name: string, server: string) => `
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "${server}", certificate-authority: pki/ca.crt}}]
users: [{name: u, user: {token: from-${name}, tokenFile: secret/token, exec: {command: bin/login}}}]
`;
const first = file("first/config", one("first", "https://one:6443/"));
const second = file("second/config", one("second", "https://two:6443"));
const empty = file("empty", "");
const missing = path.join(folder, "nowhere");

test("of several files the first mention of a name wins, and a missing file is skipped", () => {
  const env = { KUBECONFIG: [missing, first, second].join(path.delimiter) };
  const chosen = chooseContext({ env });
  expect(chosen).toMatchObject({ context: "first", server: "https://one:6443", user: { token: "from-first" } });
  expect(chooseContext({ env, context: "second" })).toMatchObject({ context: "second", server: "https://one:6443" });
  expect(chosen.kubeconfigPath).toBe([first, second].join(path.delimiter));
});

test("--kubeconfig stands alone, whatever KUBECONFIG says", () => {
  expect(chooseContext({ kubeconfig: second, env: { KUBECONFIG: first } }).kubeconfigPath).toBe(second);
});

test("without either, ~/.kube/config is read", () => {
  file("home/.kube/config", one("home", "https://home:6443"));
  expect(chooseContext({ env: { HOME: path.join(folder, "home") } }).context).toBe("home");
});

test("file names are relative to the file that bears them", () => {
  const chosen = chooseContext({ kubeconfig: first, env: {} });
  expect(chosen.cluster["certificate-authority"]).toBe(path.join(folder, "first/pki/ca.crt"));
  expect(chosen.user["tokenFile"]).toBe(path.join(folder, "first/secret/token"));
  expect(chosen.user["exec"]).toEqual({ command: path.join(folder, "first/bin/login") });
});

const refusals: readonly [what: string, wish: Parameters<typeof chooseContext>[0], code: string, message: RegExp][] = [
  [
    "no kubeconfig says where was looked",
    { kubeconfig: missing, env: {} },
    "KUBECONFIG",
    /No kubeconfig was found: looked at .*nowhere/,
  ],
  [
    "broken YAML names its line",
    { kubeconfig: file("broken", "a: 1\nb: [\n"), env: {} },
    "KUBECONFIG",
    /is not YAML: line [23]/,
  ],
  ["a file of something else", { kubeconfig: file("list", "- a\n- b\n"), env: {} }, "KUBECONFIG", /is no kubeconfig/],
  [
    "an unknown context names the known ones",
    { kubeconfig: first, context: "prod", env: {} },
    "USAGE",
    /no context prod .* it has first\./,
  ],
  ["an empty file has no current context", { kubeconfig: empty, env: {} }, "USAGE", /has no current context/],
  [
    "a context without its cluster",
    {
      kubeconfig: file("dangling", "current-context: x\ncontexts: [{name: x, context: {cluster: gone, user: u}}]\n"),
      env: {},
    },
    "KUBECONFIG",
    /Context x names the cluster gone/,
  ],
  [
    "a server that is no address",
    {
      kubeconfig: file(
        "server",
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: here}}]\n",
      ),
      env: {},
    },
    "KUBECONFIG",
    /no usable server address/,
  ],
];

test.each(refusals)("%s", (_what, wish, code, message) => {
  const thrown = (() => {
    try {
      return chooseContext(wish);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(CrossfadeError);
  expect(saidOf(thrown)).toMatchObject({
    code,
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(/\w/),
  });
});

test("impersonation is sent in full, each group a header of its own", () => {
  const user = {
    as: "jane",
    "as-uid": "7",
    "as-groups": ["dev", "ops"],
    "as-user-extra": { "acme.com/project": ["x"] },
  };
  expect(impersonation(user)).toEqual({
    "Impersonate-User": "jane",
    "Impersonate-Uid": "7",
    "Impersonate-Group": ["dev", "ops"],
    "Impersonate-Extra-acme.com%2Fproject": ["x"],
  });
  expect(impersonation({ token: "x" })).toEqual({});
  expect(inWords(() => impersonation({ "as-groups": ["dev"] }))).toThrow(/without naming a user/);
});

const proxies: readonly [server: string, proxyUrl: string, env: Record<string, string>, expected: string | null][] = [
  ["https://api.corp:6443", "", {}, null],
  ["https://api.corp:6443", "socks5://p:1080", { HTTPS_PROXY: "http://other" }, "socks5://p:1080"],
  ["https://api.corp:6443", "", { HTTPS_PROXY: "http://p:3128" }, "http://p:3128"],
  ["https://api.corp:6443", "", { https_proxy: "p:3128" }, "http://p:3128"],
  ["http://api.corp", "", { HTTPS_PROXY: "http://p:3128" }, null],
  ["https://api.corp:6443", "", { HTTPS_PROXY: "http://p:3128", NO_PROXY: ".corp" }, null],
  ["https://127.0.0.1:6443", "", { HTTPS_PROXY: "http://p:3128" }, null],
];

test.each(proxies)("proxy for %s with proxy-url '%s' and %o is %s", (server, proxyUrl, env, expected) => {
  expect(chooseProxy(server, proxyUrl, env)).toBe(expected);
});

const exempt: readonly [noProxy: string, url: string, expected: boolean][] = [
  ["corp", "https://api.corp", true],
  ["*.corp", "https://api.corp", true],
  ["orp", "https://api.corp", false],
  ["api.corp:6443", "https://api.corp:6443", true],
  ["api.corp:443", "https://api.corp:6443", false],
  ["10.0.0.0/8", "https://10.1.2.3:6443", true],
  ["10.0.0.0/8", "https://11.1.2.3:6443", false],
  ["fd00::/8", "https://[fd00::1]:6443", true],
  ["10.0.0.0/33", "https://10.1.2.3:6443", false],
  ["10.0.0.0/", "https://10.1.2.3:6443", false],
  ["::/0", "https://10.1.2.3:6443", false],
  ["*", "https://anything", true],
  ["", "https://anything", false],
];

test.each(exempt)("NO_PROXY %s for %s: %s", (noProxy, url, expected) => {
  expect(isExempt(noProxy, new URL(url))).toBe(expected);
});

/** Each line ten times the one before. */
const growing = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
  .concat(
    Array.from("bcdefgh").map((key, index) => `${key}: &${key} [${Array(10).fill(`*${"abcdefg"[index]}`).join(",")}]`),
  )
  .join("\n");

test.each([
  ["an alias to nothing", "clusters: *gone\n"],
  ["aliases that grow to a hundred million values", growing],
])("%s is refused in one sentence", (_what, source) => {
  const kubeconfig = file("aliases", source);
  expect(inWords(() => chooseContext({ kubeconfig, env: {} }))).toThrow(
    expect.objectContaining({ code: "KUBECONFIG", message: expect.stringContaining(kubeconfig) }),
  );
});
