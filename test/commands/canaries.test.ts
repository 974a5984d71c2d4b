import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer as createHttp, type Server } from "node:http";
import { type AddressInfo, connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createLab, type Lab } from "crossfade-lab/lab.ts";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "../support/command-line.ts";
import { echoingServer } from "../support/echoing-server.ts";
import { type QuickHelm, quickHelm } from "../support/lab/quick-helm.ts";

/** Each is searched for everywhere; none may be found anywhere but in the kubeconfig. */
const canaries: Record<string, string> = {
  "proxy password": "Yk7!wQ",
  "basic password": "CANARYbasicPassword",
  "plugin variable": "CANARYpluginVariable",
  "plugin token": "CANARYpluginToken",
};

let lab: Lab;
let helm: QuickHelm;
let proxy: Server;
const folder = mkdtempSync(join(tmpdir(), "canaries-"));
const state = join(folder, "state");
const runtime = join(folder, "runtime");
let kubeconfig: string;

/** An HTTP proxy that wants a password, and counts who came through. */
function startProxy(): Promise<Server> {
  const server = createHttp((_request, response) => response.writeHead(400).end());
  server.on("connect", (request, socket, head) => {
    const given = request.headers["proxy-authorization"] ?? "";
    if (
      !Buffer.from(given.split(" ")[1] ?? "", "base64")
        .toString()
        .includes(canaries["proxy password"] ?? "-")
    ) {
      socket.end(`HTTP/1.1 407 No\r\n\r\nyou sent ${given}`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = dial(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

interface Traps {
  readonly proxyPassword?: string;
  readonly plugin?: string;
}

/** Every kind of credential at once: a token for helm too, a client's key, a password, a plugin, a proxy's password. */
function writeKubeconfig(
  name: string,
  { proxyPassword = canaries["proxy password"] ?? "", plugin }: Traps = {},
): string {
  const { token, certificate } = lab.signIn({ username: "operator", groups: ["system:masters"] });
  canaries[`token of ${name}`] = token;
  for (const line of certificate.key.split("\n").filter((part) => part.length > 20 && !part.startsWith("--")))
    canaries[`key of ${name}`] = line;
  const script = join(folder, `plugin-${name}`);
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token: canaries["plugin token"] },
  };
  writeFileSync(script, plugin ?? `#!/bin/sh\ncat <<'X'\n${JSON.stringify(credential)}\nX\n`, { mode: 0o700 });
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const admins = readFileSync(lab.address.kubeconfig, "utf8");
  const port = (proxy.address() as AddressInfo).port;
  const text = admins
    .replace(/( +server: .*)/, `$1\n    proxy-url: http://me:${proxyPassword}@127.0.0.1:${port}`)
    .replace(
      / +token: .*/,
      [
        `    token: ${token}`,
        "    username: me",
        `    password: ${canaries["basic password"]}`,
        `    client-certificate-data: ${base64(certificate.cert)}`,
        `    client-key-data: ${base64(certificate.key)}`,
        "    exec:",
        "      apiVersion: client.authentication.k8s.io/v1",
        `      command: ${script}`,
        "      interactiveMode: Never",
        "      env:",
        "      - name: SESAME",
        `        value: ${canaries["plugin variable"]}`,
      ].join("\n"),
    );
  const file = join(folder, `kubeconfig-${name}`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function crossfade(env: Record<string, string>, ...argv: readonly string[]) {
  const path = [helm.binDir, lab.address.binDir, process.env["PATH"] ?? ""].join(delimiter);
  const own = { HOME: folder, PATH: path, XDG_STATE_HOME: state, XDG_RUNTIME_DIR: runtime };
  return commandLine({ ...own, ...env }, ...argv);
}

/** Names of the canaries in a text. */
const found = (text: string) => Object.keys(canaries).filter((name) => text.includes(canaries[name] ?? "-"));

function filesUnder(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** What ps shows of every process, again and again; of helm's also the environment. */
function watchProcesses() {
  const seen = { looks: 0, helms: 0, leaks: new Set<string>() };
  const timer = setInterval(() => {
    seen.looks += 1;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        for (const name of found(line)) seen.leaks.add(`${name} in the arguments of ${line.split("\0")[0]}`);
        if (!line.includes(`${helm.binDir}/helm`)) continue;
        seen.helms += 1;
        const names = found(readFileSync(`/proc/${pid}/environ`, "utf8"));
        for (const name of names) seen.leaks.add(`${name} in the environment of helm`);
      } catch {
        // It ended meanwhile.
      }
    }
  }, 20);
  return { seen, stop: () => clearInterval(timer) };
}

beforeAll(async () => {
  lab = await createLab({ ...defaultLabOptions, nodes: 3, pods: 6, speed: 60, seed: 61 });
  mkdirSync(runtime, { mode: 0o700 });
  helm = await quickHelm(folder);
  proxy = await startProxy();
  kubeconfig = writeKubeconfig("whole");
});
afterAll(async () => {
  helm.close();
  proxy.closeAllConnections();
  proxy.close();
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a whole migration with every kind of credential", () => {
  test("leaves none of them in lines, journal, cluster, files or the arguments of any process", async () => {
    const processes = watchProcesses();
    const consents = "nodes,finalize,remove-source";
    const flags = ["--headless", "--json", "--consent", consents, "--reboot", "none", "--soak", "0s"];
    const run = await crossfade({ KUBECONFIG: kubeconfig }, "migrate", ...flags).finally(processes.stop);
    expect(run.code, run.err).toBe(0);
    expect(run.out).toContain('"outcome":"migrated"');
    expect(found(run.out)).toEqual([]);

    const { looks, helms, leaks } = processes.seen;
    expect([...leaks]).toEqual([]);
    expect(looks).toBeGreaterThan(50);
    expect(helms).toBeGreaterThan(0);

    const journals = filesUnder(state);
    expect(journals.length).toBeGreaterThan(0);
    for (const file of [...journals, ...filesUnder(runtime)]) {
      expect(found(readFileSync(file, "utf8")), file).toEqual([]);
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
    // Secrets too: helm keeps its releases there, with the values that it was given.
    for (const { name, stored } of lab.store.resources()) {
      if (stored) expect(found(JSON.stringify(lab.store.list(name))), name).toEqual([]);
    }
    for (const argv of helm.calls) expect(found(argv.join(" "))).toEqual([]);
  });

  test.each([["status"], ["status", "--json"], ["plan"], ["plan", "--json"], ["report"], ["report", "--json"]])(
    "%s %s says none of them",
    async (...argv) => {
      const { out, err } = await crossfade({ KUBECONFIG: kubeconfig }, ...argv);
      expect(found(out + err)).toEqual([]);
    },
  );
});

describe("a server that echoes our credential", () => {
  test("in watch events and in the status of execs brings it into no line, journal, news or record", async () => {
    const other = await createLab({ ...defaultLabOptions, nodes: 3, pods: 6, speed: 60, seed: 62 });
    const { token } = other.signIn({ username: "operator", groups: ["system:masters"] });
    const echoing = await echoingServer(other.address.url, 8, token);
    // Six characters, and what is sent for them.
    canaries["password that is echoed"] = "Zq3xV9";
    canaries["pair that is echoed"] = Buffer.from("me:Zq3xV9").toString("base64");
    const admins = readFileSync(other.address.kubeconfig, "utf8");
    const file = join(folder, "kubeconfig-echoing");
    const plain = admins
      .replace(/server: .*/, `server: ${echoing.url}`)
      .replace(/token: .*/, "username: me\n    password: Zq3xV9");
    writeFileSync(file, plain, { mode: 0o600 });
    const flags = ["--headless", "--json", "--consent", "nodes", "--reboot", "none", "--soak", "0s"];
    const versions: string[] = [];
    // Every version of what is stored is looked at: news are written over.
    const looking = setInterval(() => {
      const names = other.store
        .resources()
        .filter(({ name, stored }) => stored && /^(configmaps|nodes|leases)/.test(name));
      const stored = JSON.stringify(names.map(({ name }) => other.store.list(name)));
      if (versions.at(-1) !== stored) versions.push(stored);
    }, 20);
    const run = await crossfade({ KUBECONFIG: file }, "migrate", ...flags);
    clearInterval(looking);
    echoing.close();
    await other.stop();
    expect(echoing.echoed).toEqual({ watches: 8, execs: 8 });
    expect(run.out).toContain("credential (hidden) ((hidden), with (hidden)) of the exec");
    expect(run.out).toContain("token (hidden) ((hidden), with (hidden)) of the watch");
    expect(found(run.out + run.err)).toEqual([]);
    for (const stored of versions) expect(found(stored)).toEqual([]);
    for (const journal of filesUnder(state)) expect(found(readFileSync(journal, "utf8")), journal).toEqual([]);
  });
});

describe("when it goes wrong", () => {
  const failing: readonly (readonly [string, Traps, RegExp])[] = [
    ["a proxy that refuses", { proxyPassword: "CANARYwrong" }, /refused with status 407/],
    [
      "a plugin that tells its token",
      { plugin: "#!/bin/sh\necho token=CANARYpluginToken >&2\nexit 3\n" },
      /exit code 3/,
    ],
    [
      "a plugin that tells its variable",
      { plugin: '#!/bin/sh\necho "password: $SESAME" >&2\nexit 3\n' },
      /exit code 3/,
    ],
    ["a plugin that answers no JSON", { plugin: "#!/bin/sh\necho CANARYpluginToken\n" }, /not JSON/],
  ];
  test.each(failing)("%s brings none of them into the error", async (name, traps, why) => {
    const { code, out, err } = await crossfade(
      { KUBECONFIG: writeKubeconfig(name.replaceAll(" ", "-"), traps) },
      "plan",
    );
    expect(code).not.toBe(0);
    expect(err).toMatch(why);
    expect(found(out + err)).toEqual([]);
    expect(err).not.toContain("CANARY");
  });

  test("a server that answers with what it was sent does not bring it into the error", async () => {
    const server = createHttp((request, response) => {
      response.writeHead(403, { "content-type": "text/plain" });
      response.end(`debug: ${JSON.stringify(request.headers)}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const file = join(folder, "kubeconfig-echo");
    const text = readFileSync(kubeconfig, "utf8");
    const plain = text.replace(/server: .*/, `server: http://127.0.0.1:${port}`).replace(/ +proxy-url.*\n/, "");
    writeFileSync(file, plain, { mode: 0o600 });
    const { code, out, err } = await crossfade({ KUBECONFIG: file }, "plan");
    server.close();
    expect(code).not.toBe(0);
    expect(err).toContain("(hidden)");
    expect(found(out + err)).toEqual([]);
  });

  test("a kubeconfig that is broken at a secret is not quoted", async () => {
    const file = join(folder, "kubeconfig-broken");
    writeFileSync(file, `users:\n- name: a\n  user:\n    token: "CANARYpluginToken\n    x: [\n`, { mode: 0o600 });
    const { err } = await crossfade({ KUBECONFIG: file }, "plan");
    expect(err).toContain("is not YAML");
    expect(found(err)).toEqual([]);
  });

  test.each([
    ["extraEnv:\n- {name: DB_PASSWORD, value: CANARYvalue}\n", /extraEnv\[0\]\.value is a secret/],
    ["clustermesh: {apiserver: {tls: {server: {key: CANARYvalue}}}}\n", /tls\.server\.key is a secret/],
    ["extraConfig: {a: http://me:CANARYvalue@b}\n", /extraConfig\.a is a secret/],
    ["hubble: {tls: {ca: {key: 'CANARYvalue\n", /is not YAML/],
  ])("a values file with a secret is refused, and not quoted: %j", async (values, why) => {
    const file = join(folder, "values.yaml");
    writeFileSync(file, values);
    const { code, err } = await crossfade({ KUBECONFIG: kubeconfig }, "plan", "--helm-values", file);
    expect([code === 0, err]).toEqual([false, expect.stringMatching(why)]);
    expect(err).not.toContain("CANARY");
  });

  test("a reboot command with a password is refused, and not quoted", async () => {
    const { code, err } = await crossfade({}, "plan", "--reboot-command", "ipmitool --password=CANARYvalue reset");
    expect([code, err]).toEqual([2, expect.stringContaining("holds a secret")]);
    expect(err).not.toContain("CANARY");
  });
});
