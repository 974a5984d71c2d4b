import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { redact } from "../../../src/kube/client/redact.ts";
import { Helm, helmEnv } from "../../../src/kube/helm/helm.ts";
import { listReleases } from "../../../src/kube/helm/helm-answers.ts";
import { HelmInstaller, type PlannedCharts } from "../../../src/kube/helm/installer.ts";
import { inWords } from "../../support/said.ts";
import { clientOf } from "../support/client-of.ts";
import { closedFence, TestFence } from "../support/test-fence.ts";
import { until } from "../support/until.ts";

const { signal } = new AbortController();
const target = {
  version: "1.18.12",
  namespace: "kube-system",
  release: "cilium",
  chart: { repository: "https://helm.cilium.io/", name: "cilium" },
  podCidr: "10.245.0.0/16",
  maskSize: 24,
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  operatorReplicas: 1,
} as const;

const planned: PlannedCharts = { withPlanned: (_target, _signal, use) => use("/charts/cilium-1.18.12.tgz") };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "helm-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Call {
  readonly args: readonly string[];
  readonly values: string | null;
  readonly env: readonly string[];
}

/** A helm that writes down how it was called and answers by the word of its command. */
function helmThat(answers: Record<string, string>, version = "v4.1.4") {
  const log = path.join(folder, "log");
  const script = path.join(folder, "fake.mjs");
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from "node:fs";
     const args = process.argv.slice(2);
     const has = args.includes("-f");
     appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, values: has ? readFileSync(0, "utf8") : null, env: Object.keys(process.env).filter((name) => name.startsWith("HELM_")) }) + "\\n");
     if (args[0] === "version") { process.stdout.write(${JSON.stringify(version)}); process.exit(0); }
     const answer = ${JSON.stringify(answers)}[args[0]] ?? "";
     if (answer === "hang") { process.on("SIGTERM", () => { appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: ["SIGTERM"] }) + "\\n"); process.exit(1); }); appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: ["hangs"] }) + "\\n"); setInterval(() => undefined, 1000); }
     else if (answer.startsWith("Error:")) { console.error(answer); process.exit(1); }
     else process.stdout.write(answer);`,
  );
  const file = path.join(folder, "helm");
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  chmodSync(file, 0o755);
  const client = clientOf("http://127.0.0.1:1");
  const helm = new Helm(client, { PATH: folder, HELM_NAMESPACE: "wrong", HELM_CACHE_HOME: "/cache" });
  const installer = new HelmInstaller(helm, client, { namespace: "kube-system", release: "cilium", charts: planned });
  // A line that helm is writing just now has no end yet: it is not there so far.
  const calls = () =>
    existsSync(log)
      ? readFileSync(log, "utf8")
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Call)
          .filter(({ args }) => args[0] !== "version")
      : [];
  return { helm, installer, client, calls };
}

const listed = (status: string, revision: string) =>
  JSON.stringify([
    { name: "cilium", namespace: "kube-system", revision, status, chart: "cilium-1.18.12", app_version: "1.18.12" },
  ]);

test("an install is one argument list, its values JSON on stdin", async () => {
  const { installer, calls } = helmThat({});
  await installer.apply(target, { cni: { customConf: true }, odd: "0755" }, signal);
  const [call] = calls();
  expect(call?.args).toEqual(
    ["upgrade", "cilium", "/charts/cilium-1.18.12.tgz", "--install", "-n", "kube-system"].concat([
      "--history-max",
      "10",
      "--reset-values",
      "-f",
      "-",
      "--timeout",
      "10m",
      "--kubeconfig",
      "/tmp/kubeconfig",
      "--kube-context",
      "test",
    ]),
  );
  expect(JSON.parse(call?.values ?? "")).toEqual({ cni: { customConf: true }, odd: "0755" });
  expect(call?.env).toEqual(["HELM_CACHE_HOME"]);
});

test("while helm is at work nothing of the values is in a file: who is killed then leaves none", async () => {
  const { installer, client, calls } = helmThat({ upgrade: "hang" });
  client.fence = new TestFence();
  const temporary = mkdtempSync(path.join(folder, "tmp-"));
  vi.stubEnv("TMPDIR", temporary);
  const over = new AbortController();
  const applying = installer.apply(target, { odd: "0755" }, over.signal);
  await until("helm at work", () => calls().some(({ args }) => args[0] === "hangs"));
  expect(calls()[0]?.values).toBe('{"odd":"0755"}');
  expect(readdirSync(temporary, { recursive: true })).toEqual([]);
  over.abort(new Error("enough"));
  await expect(inWords(applying)).rejects.toThrow("enough");
  vi.unstubAllEnvs();
});

test.each([
  ["v3.17.2", true],
  ["v4.1.4", false],
])("helm %s is asked for every status in its own way", async (version, flag) => {
  const { installer, calls } = helmThat({ list: listed("failed", "3") }, version);
  expect(await installer.release()).toMatchObject({ status: "failed", revision: 3, version: "1.18.12" });
  expect(calls()[0]?.args.includes("--all")).toBe(flag);
});

const history = JSON.stringify([
  { revision: 1, status: "superseded" },
  { revision: 2, status: "deployed" },
  { revision: 3, status: "pending-upgrade" },
]);

const recoveries: readonly [status: string, answers: Record<string, string>, command: readonly string[] | null][] = [
  ["deployed", {}, null],
  ["failed", {}, null],
  ["pending-install", {}, ["uninstall", "cilium"]],
  ["pending-upgrade", { history }, ["rollback", "cilium", "2"]],
  ["pending-rollback", { history }, ["rollback", "cilium", "2"]],
  ["pending-upgrade", { history: "[]" }, ["uninstall", "cilium"]],
];

test.each(recoveries)("a release that is %s with %o is recovered by %o", async (status, answers, command) => {
  const { installer, calls } = helmThat({ list: listed(status, "3"), ...answers });
  await installer.recover(signal);
  const last = calls().at(-1)?.args ?? [];
  if (command === null) expect(last[0]).toBe("list");
  else expect(last.slice(0, command.length)).toEqual(command);
});

test("helm's own words become the failure, without what is secret in them", async () => {
  const { installer } = helmThat({ upgrade: "Error: values don't meet the schema: token: hunter2" });
  await expect(inWords(installer.apply(target, {}, signal))).rejects.toMatchObject({
    code: "HELM_FAILED",
    message: "helm upgrade of kube-system/cilium failed: values don't meet the schema: token: (hidden)",
  });
});

test("a cluster out of reach is no failure of helm's", async () => {
  const { installer } = helmThat({ list: "Error: Kubernetes cluster unreachable: dial tcp: connection refused" });
  await expect(installer.release()).rejects.toMatchObject({ name: "Unavailable" });
});

test("an abort ends helm politely and keeps the caller's reason", async () => {
  const { installer, calls } = helmThat({ upgrade: "hang" });
  const leaving = new AbortController();
  const applying = installer.apply(target, {}, leaving.signal).catch((error: unknown) => error);
  const looking = setInterval(() => {
    if (calls().some(({ args }) => args[0] === "hangs")) leaving.abort(new Error("we leave"));
  }, 10);
  expect(await applying).toMatchObject({ message: "we leave" });
  clearInterval(looking);
  expect(calls().at(-1)?.args).toEqual(["SIGTERM"]);
});

test("no helm and a helm of another age are refused with what to do", async () => {
  const none = new Helm(clientOf("http://127.0.0.1:1"), { PATH: "/nowhere" });
  expect(await none.version()).toBeNull();
  await expect(none.run({ args: ["list"] })).rejects.toMatchObject({ code: "NO_HELM" });
  await expect(inWords(helmThat({}, "v2.17.0").helm.major())).rejects.toMatchObject({
    code: "NO_HELM",
    message: expect.stringContaining("v2.17.0"),
  });
});

test("a run that is no longer ours starts no helm", async () => {
  const { installer, client, calls } = helmThat({});
  client.fence = closedFence;
  await expect(inWords(installer.apply(target, {}, signal))).rejects.toThrow("not ours");
  expect(calls()).toEqual([]);
});

test("a helm whose engine cannot renew its lease is ended, and that is no failure of helm's", async () => {
  const { installer, client, calls } = helmThat({ upgrade: "hang" });
  const fence = new TestFence();
  client.fence = fence;
  const since = performance.now();
  fence.leftMs = () => Math.max(1, 2_000 - (performance.now() - since));
  await expect(inWords(installer.apply(target, {}, signal))).rejects.toMatchObject({
    name: "Unavailable",
    message: expect.stringContaining("the lease could not be renewed"),
  });
  expect(calls().at(-1)?.args).toEqual(["SIGTERM"]);
});

test("several kubeconfigs reach helm as KUBECONFIG, for --kubeconfig names one only", () => {
  const joined = ["/a", "/b"].join(path.delimiter);
  expect(helmEnv({ HELM_KUBETOKEN: "x" }, joined)).toEqual({ KUBECONFIG: joined });
  expect(helmEnv({ HOME: "/h" }, "/a")).toEqual({ HOME: "/h" });
});

test.each([
  ["Authorization: Bearer abc", "Authorization: Bearer (hidden)"],
  ["https://me:pw@repo/x", "https://me:(hidden)@repo/x"],
  ['password: "pw"', 'password: "(hidden)"'],
  ["nothing to hide", "nothing to hide"],
])("%s is shown as %s", (output, shown) => {
  expect(redact(output)).toBe(shown);
});

test.each(["", "hello\n", "v3\n", "garbage v3.1.2"])("a helm that says %j of its version is refused", async (says) => {
  const { installer } = helmThat({}, says);
  await expect(inWords(installer.release())).rejects.toMatchObject({
    code: "NO_HELM",
    message: expect.stringMatching(/does not say which version/),
  });
});

test.each(["nothing of the kind", '{"a":1}', "WARNING: old\n[]"])(
  "a helm list that prints %j is never taken for no release",
  async (printed) => {
    const { installer } = helmThat({ list: printed });
    await expect(installer.release()).rejects.toMatchObject({ code: "HELM_FAILED" });
  },
);

test.each(["--post-renderer=/tmp/x", "-f", "a b", "../x", "UPPER", ""])(
  "a release called %j, which any tenant may have written as a Secret, is never handed to helm",
  async (name) => {
    const list = JSON.parse(listed("deployed", "1")) as readonly object[];
    const planted = JSON.stringify([{ ...list[0], name }, { ...list[0], namespace: name }, ...list]);
    const { helm } = helmThat({ list: planted });
    expect((await listReleases(helm, ["-A"])).map((one) => `${one.namespace}/${one.name}`)).toEqual([
      "kube-system/cilium",
    ]);
  },
);
