import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLab, type Lab } from "../lab.ts";
import { defaultLabOptions } from "../lab-options.ts";
import { startLabThread } from "../lab-thread.ts";

const run = promisify(execFile);
const kubectlPath = "/usr/bin/kubectl";

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ ...defaultLabOptions, speed: 50 });
});

afterAll(() => lab.stop());

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly nodeName: string; readonly hostNetwork?: boolean };
  readonly status: { readonly podIP: string; readonly conditions: readonly { type: string; status: string }[] };
}

const pods = () => lab.store.list("pods") as unknown as readonly Pod[];
const isReady = ({ status }: Pod) =>
  status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True");

async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("a fresh lab has as many workload pods as asked for, all ready, spread over its workers", () => {
  const shop = pods().filter(({ metadata }) => metadata.namespace === "shop");
  expect(shop).toHaveLength(defaultLabOptions.pods);
  expect(pods().filter((pod) => !isReady(pod))).toEqual([]);
  expect(new Set(shop.map(({ spec }) => spec.nodeName))).toEqual(new Set(["worker-1", "worker-2"]));
});

test("every pod that is not on the host's network has an address of Flannel's range, and they reach each other", () => {
  const wired = pods().filter(({ spec }) => !spec.hostNetwork);
  expect(wired.filter(({ status }) => !status.podIP.startsWith("10.244."))).toEqual([]);
  const from = lab.store.list("pods", "shop")[0];
  const to = wired.find(({ metadata }) => metadata.name.startsWith("frontend-"));
  if (!from || !to) throw new Error("the lab lacks its shop");
  expect(lab.network.fromPod(from, { ip: to.status.podIP, port: 8080, protocol: "tcp" })).toMatchObject({ ok: true });
  expect(lab.network.resolve(from, "cart.shop")).toMatchObject({ ip: expect.stringMatching(/^10\./) });
});

test("the kubeconfig and the executables are nobody else's", () => {
  expect(statSync(lab.address.kubeconfig).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(lab.address.kubeconfig)).mode & 0o777).toBe(0o700);
});

test("docker restart reboots the machine of that name, and no other", async () => {
  const docker = join(lab.address.binDir, "docker");
  const bootId = lab.machines.get("worker-2")?.bootId;
  expect((await run(docker, ["restart", "worker-2"])).stdout).toBe("worker-2\n");
  expect(lab.machines.get("worker-2")?.bootId).not.toBe(bootId);
  await until("all is ready again", () => pods().every(isReady));
  await expect(run(docker, ["restart", "nobody"])).rejects.toMatchObject({
    stderr: expect.stringContaining("No such container"),
  });
  expect((await run(docker, ["ps", "--format", "{{.Names}}"])).stdout).toBe("control-plane-1\nworker-1\nworker-2\n");
});

test("nodes join and leave", async () => {
  const name = lab.addNode();
  expect(name).toBe("worker-3");
  const flannel = () =>
    pods().find(({ metadata, spec }) => spec.nodeName === name && metadata.namespace === "kube-flannel");
  await until("Flannel runs on the new node", () => flannel() !== undefined && pods().every(isReady));
  lab.removeNode(name);
  await until("its pods are gone", () => pods().every(({ spec }) => spec.nodeName !== name));
});

describe.skipIf(!existsSync(kubectlPath))("kubectl (skipped where /usr/bin/kubectl is missing)", () => {
  const kubectl = async (...args: readonly string[]) =>
    (await run(kubectlPath, ["--kubeconfig", lab.address.kubeconfig, ...args], { timeout: 20_000 })).stdout;

  test("lists nodes with role, version and address", async () => {
    const lines = (await kubectl("get", "nodes", "-o", "wide")).trim().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^control-plane-1 +Ready +control-plane +\S+ +v1\.33\.4 +172\.18\.0\.2 /);
  });

  test("looks into a node's files through a pod", async () => {
    const conf = await kubectl("-n", "kube-flannel", "exec", "ds/kube-flannel-ds", "--", "ls", "/run/flannel");
    expect(conf).toBe("subnet.env\n");
  });

  test("reads logs", async () => {
    expect(await kubectl("-n", "shop", "logs", "deploy/cart")).toContain("listening on :8080");
  });

  test("drains a node: its pods go elsewhere and come up there", async () => {
    const drained = await kubectl("drain", "worker-1", "--ignore-daemonsets", "--timeout=15s");
    expect(drained).toContain("node/worker-1 drained");
    await kubectl("-n", "shop", "rollout", "status", "deploy/cart", "--timeout=15s");
    const left = pods().filter(({ metadata, spec }) => spec.nodeName === "worker-1" && metadata.namespace === "shop");
    expect(left).toEqual([]);
    await kubectl("uncordon", "worker-1");
  });
});

test("a lab in a thread answers, ends when told to, and leaves no files", async () => {
  const thread = await startLabThread({ ...defaultLabOptions, nodes: 1, pods: 0, speed: 50 });
  expect((await fetch(`${thread.address.url}/version`)).ok).toBe(true);
  await thread.stop();
  expect(existsSync(dirname(thread.address.kubeconfig))).toBe(false);
  await expect(fetch(`${thread.address.url}/version`)).rejects.toThrow();
});

test("a lab that cannot be is refused with the reason", async () => {
  await expect(createLab({ ...defaultLabOptions, nodes: 0 })).rejects.toThrow("the lab has 1 to 500 nodes, not 0");
  await expect(startLabThread({ ...defaultLabOptions, pods: 5_000 })).rejects.toThrow(
    "3 nodes have room for 0 to 200 pods",
  );
});
