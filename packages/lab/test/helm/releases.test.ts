import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeRelease, type Release } from "../../helm/release.ts";
import type { KubeObject } from "../../objects.ts";
import { type CiliumLab, ciliumLab, hybridValues } from "../support/cilium-lab.ts";
import { labHelmChild } from "../support/lab-helm-child.ts";

let world: CiliumLab;
const chart = ["cilium", "--repo", "https://helm.cilium.io/", "--version", "1.18.12"];
const where = ["-n", "kube-system"];
const final = {
  ...hybridValues,
  operator: { unmanagedPodWatcher: { restart: true } },
  cni: { customConf: false, uninstall: false },
  policyEnforcementMode: "default",
};

beforeAll(async () => {
  world = await ciliumLab({ nodes: 2 });
});

afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

interface SecretObject extends KubeObject {
  type?: string;
  data?: { release?: string };
}

function secrets(name = "cilium"): readonly SecretObject[] {
  return world.lab.store
    .list<SecretObject>("secrets")
    .filter(({ metadata }) => metadata.labels?.owner === "helm" && metadata.labels.name === name)
    .sort((a, b) => Number(a.metadata.labels?.version) - Number(b.metadata.labels?.version));
}

function config(): Readonly<Record<string, string>> {
  const found = world.lab.store.get<KubeObject & { data?: Record<string, string> }>(
    "configmaps",
    "kube-system",
    "cilium-config",
  );
  return found?.data ?? {};
}

describe("one release after the other", () => {
  test("the first is installed, and kept as helm keeps it", async () => {
    const done = await world.install(hybridValues);
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(done.stdout).toContain("does not exist. Installing it now.");
    const [secret, ...others] = secrets();
    expect(others).toEqual([]);
    expect(secret).toMatchObject({
      type: "helm.sh/release.v1",
      metadata: {
        name: "sh.helm.release.v1.cilium.v1",
        namespace: "kube-system",
        labels: { owner: "helm", name: "cilium", status: "deployed", version: "1" },
      },
    });
    const release = decodeRelease(secret?.data?.release ?? "");
    expect(release.info.status).toBe("deployed");
    expect(release.config).toMatchObject(hybridValues);
    expect(release.manifest).toContain(`tunnel-port: "8473"`);
    expect(config()["write-cni-conf-when-ready"]).toBeUndefined();
  });

  test("its objects say whose they are", () => {
    const set = world.lab.store.get("apps/daemonsets", "kube-system", "cilium");
    expect(set?.metadata.labels?.["app.kubernetes.io/managed-by"]).toBe("Helm");
    expect(set?.metadata.annotations?.["meta.helm.sh/release-name"]).toBe("cilium");
    expect(JSON.stringify(set?.metadata.managedFields)).toContain('"manager":"helm"');
  });

  test("list, status, history and values tell of it", async () => {
    const list = JSON.parse((await world.helm(["list", "-A", "-o", "json", "--filter", "^cilium$"])).stdout);
    expect(list).toEqual([
      expect.objectContaining({
        name: "cilium",
        namespace: "kube-system",
        revision: "1",
        status: "deployed",
        chart: "cilium-1.18.12",
        app_version: "1.18.12",
      }),
    ]);
    const status = JSON.parse((await world.helm(["status", "cilium", ...where, "-o", "json"])).stdout);
    expect(status).toMatchObject({ name: "cilium", version: 1, info: { status: "deployed" } });
    expect(status.chart).toBeUndefined();
    const values = JSON.parse((await world.helm(["get", "values", "cilium", ...where, "-o", "json"])).stdout);
    expect(values).toMatchObject(hybridValues);
    const all = JSON.parse(
      await world
        .helm(["get", "values", "cilium", ...where, "-a", "-o", "json"])
        .then(({ stdout, stderr }) => stdout || JSON.stringify({ stderr })),
    );
    expect(all.stderr).toMatch(/unknown shorthand flag: 'a' in -a/);
  });

  test("an upgrade writes the final keys and nothing else, and changes no pod by itself", async () => {
    const before = config();
    const pods = world.lab.store.list("pods", "kube-system").map(({ metadata }) => metadata.uid);
    expect(await world.install(final)).toMatchObject({ exitCode: 0, stderr: "" });
    const changed = Object.keys({ ...before, ...config() }).filter((key) => before[key] !== config()[key]);
    expect(changed.sort()).toEqual([
      "cni-exclusive",
      "cni-log-file",
      "custom-cni-conf",
      "enable-policy",
      "unmanaged-pod-watcher-interval",
      "write-cni-conf-when-ready",
    ]);
    expect(world.lab.store.list("pods", "kube-system").map(({ metadata }) => metadata.uid)).toEqual(pods);
    expect(secrets().map(({ metadata }) => metadata.labels?.status)).toEqual(["superseded", "deployed"]);
  });

  test("a rollback is a new revision of the old values", async () => {
    const done = await world.helm(["rollback", "cilium", "1", ...where]);
    expect(done).toMatchObject({ exitCode: 0 });
    expect(config()["write-cni-conf-when-ready"]).toBeUndefined();
    const history = JSON.parse((await world.helm(["history", "cilium", ...where, "-o", "json"])).stdout);
    expect(history.map(({ revision, status }: { revision: number; status: string }) => [revision, status])).toEqual([
      [1, "superseded"],
      [2, "superseded"],
      [3, "deployed"],
    ]);
  });

  test("what the chart has no more is deleted", async () => {
    expect(world.lab.store.get("apps/daemonsets", "kube-system", "cilium-envoy")).toBeDefined();
    await world.install({ ...hybridValues, envoy: { enabled: false }, hubble: { enabled: false } });
    expect(world.lab.store.get("services", "kube-system", "hubble-peer")).toBeUndefined();
    await world.until(
      "envoy's objects to be gone",
      () => !world.lab.store.get("apps/daemonsets", "kube-system", "cilium-envoy"),
    );
  });

  test("values that the chart refuses change nothing", async () => {
    const done = await world.install({ ...hybridValues, tunnelPort: "8473" });
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toMatch(/^Error: UPGRADE FAILED: values don't meet the specifications/);
    expect(secrets()).toHaveLength(4);
  });

  test("a dry run prints what would be and changes nothing", async () => {
    const before = world.lab.store.resourceVersion();
    const done = await world.helm([
      "upgrade",
      "cilium",
      ...chart,
      ...where,
      "--dry-run=server",
      "-o",
      "json",
      "--set",
      "debug.enabled=true",
    ]);
    expect((JSON.parse(done.stdout) as Release).info.description).toBe("Dry run complete");
    expect(world.lab.store.resourceVersion()).toBe(before);
  });

  test("a version that is not there is said so", async () => {
    const done = await world.install(hybridValues, "1.99.0");
    expect(done).toMatchObject({
      exitCode: 1,
      stderr: 'Error: chart "cilium" version "1.99.0" not found in https://helm.cilium.io/ repository',
    });
  });

  test("a release that another helm left pending blocks the next, and a rollback frees it", async () => {
    const [secret] = secrets().filter(({ metadata }) => metadata.labels?.status === "deployed");
    const release = decodeRelease(secret?.data?.release ?? "");
    const child = labHelmChild(
      ["upgrade", "cilium", ...chart, ...where, "--wait", "--reuse-values", "--set", "operator.replicas=7"],
      world.lab.address.kubeconfig,
    );
    await pending();
    child.process.kill("SIGKILL");
    await child.ended;
    const next = await world.install(hybridValues);
    expect(next).toMatchObject({
      exitCode: 1,
      stderr: "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
    });
    expect(await world.helm(["rollback", "cilium", String(release.version), ...where])).toMatchObject({ exitCode: 0 });
    expect(await world.install(hybridValues)).toMatchObject({ exitCode: 0 });
  });

  test("one that is told to stop marks its release as failed", async () => {
    const child = labHelmChild(
      ["upgrade", "cilium", ...chart, ...where, "--wait", "--reuse-values", "--set", "operator.replicas=7"],
      world.lab.address.kubeconfig,
    );
    await pending();
    child.process.kill("SIGTERM");
    const { code, stderr } = await child.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("context canceled");
    expect(secrets().at(-1)?.metadata.labels?.status).toBe("failed");
  });

  test("waiting ends with the time-out, naming what is not ready; atomic goes back", async () => {
    const args = [
      "upgrade",
      "cilium",
      ...chart,
      ...where,
      "--timeout",
      "1m",
      "--rollback-on-failure",
      "--reuse-values",
      "--set",
      "operator.replicas=7",
    ];
    const done = await world.helm(args);
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toMatch(/has been rolled back due to rollback-on-failure/);
    expect(done.stderr).toMatch(/Deployment\/kube-system\/cilium-operator not ready/);
    expect(secrets().at(-1)?.metadata.labels?.status).toBe("deployed");
  });

  test("helm 3 creates and patches instead of applying, and has its own words", async () => {
    expect((await world.helm(["version", "--short"], 3)).stdout).toBe("v3.17.2+crossfade-lab+g0000000");
    expect((await world.helm(["version", "--short"], 4)).stdout).toBe("v4.1.4+crossfade-lab+g0000000");
    const done = await world.helm(
      [
        "upgrade",
        "cilium",
        ...chart,
        ...where,
        "--set",
        "tunnelPort=8474,cni.customConf=true",
        "--atomic",
        "--wait=false",
      ],
      3,
    );
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(config()["tunnel-port"]).toBe("8474");
    await world.helm(["upgrade", "cilium", ...chart, ...where, "--set", "cni.customConf=true"], 3);
    expect(config()["tunnel-port"]).toBeUndefined();
    expect((await world.helm(["list", "-n", "kube-system", "-a", "-o", "json"], 3)).exitCode).toBe(0);
  });

  test("uninstalling leaves definitions and what nodes have", async () => {
    const done = await world.helm(["uninstall", "cilium", ...where]);
    expect(done).toMatchObject({ exitCode: 0, stdout: 'release "cilium" uninstalled' });
    expect(secrets()).toEqual([]);
    await world.until(
      "the workloads to be gone",
      () => !world.lab.store.get("apps/daemonsets", "kube-system", "cilium"),
    );
    expect(world.lab.store.list("apiextensions.k8s.io/customresourcedefinitions").length).toBeGreaterThan(0);
    expect(await world.helm(["uninstall", "cilium", ...where])).toMatchObject({
      exitCode: 1,
      stderr: "Error: uninstall: Release not loaded: cilium: release: not found",
    });
    expect(await world.helm(["uninstall", "cilium", ...where, "--ignore-not-found"])).toMatchObject({ exitCode: 0 });
  });
});

/** The child runs on the wall's time, whatever the lab's does. */
function pending(): Promise<void> {
  return vi.waitFor(() => expect(secrets().at(-1)?.metadata.labels?.status).toBe("pending-upgrade"), {
    timeout: 15_000,
  });
}
