import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isReady, type PodObject } from "../../cni/kinds.ts";
import { podExec } from "../support/agent-exec.ts";
import {
  type CiliumLab,
  ciliumLab,
  hybridValues,
  label,
  serverPod,
  takeOver,
  takeOverDefaults,
  untilWhole,
} from "../support/cilium-lab.ts";

let world: CiliumLab;
let old: PodObject;
const node = "worker-2";

beforeAll(async () => {
  world = await ciliumLab();
  await world.install(hybridValues, "1.20.0");
  await untilWhole(world);
  world.lab.store.create("cilium.io/ciliumnodeconfigs", takeOver("cilium-default", takeOverDefaults));
  old = await serverPod(world, "worker-1", "gap-old");
  label(world, node, "true");
  await world.restartAgent(node);
});

afterAll(async () => {
  await world?.stop();
  expect(world?.faults).toEqual([]);
});

function answers(pod: PodObject): boolean {
  return world.lab.network.fromPod(old, { ip: pod.status?.podIP ?? "", port: 8080, protocol: "tcp" }).ok;
}

const find = (name: string) => world.lab.store.get<PodObject>("pods", "default", name);

test("a pod that starts between Ready and the datapath has an address and no network until the gap ends", async () => {
  world.lab.store.create("pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "gap-new", namespace: "default" },
    spec: {
      nodeName: node,
      containers: [{ name: "agnhost", image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: ["netexec"] }],
    },
  } as PodObject);
  await world.until("its sandbox", () => find("gap-new")?.status?.podIP !== undefined);
  const early = find("gap-new") as PodObject;
  expect(early.status?.podIP).toMatch(/^10\.245\./);
  expect(answers(early)).toBe(false);
  const began = world.clock.now();
  await world.until("it to answer", () => answers(find("gap-new") as PodObject));
  expect(world.clock.now() - began).toBeLessThan(15_500);
});

test("the pods that were there answer while the agent restarts", async () => {
  await untilWhole(world);
  const pod = find("gap-new") as PodObject;
  expect(answers(pod)).toBe(true);
  world.lab.store.delete("pods", "kube-system", world.agent(node)?.metadata.name ?? "");
  for (let tick = 0; tick < 60; tick++) {
    await world.clock.advance(500);
    expect(answers(pod)).toBe(true);
  }
});

describe("what can be run in a pod", () => {
  beforeAll(async () => {
    await world.until("the new pod Ready", () => isReady(find("gap-new") as PodObject));
  });

  const run = (argv: readonly string[]) =>
    podExec(world, { namespace: "default", pod: "gap-new", container: "agnhost" }, argv);
  const address = (port: number) => `${old.status?.podIP ?? ""}:${port}`;

  test("agnhost connect is silent when it gets there", async () => {
    expect(await run(["/agnhost", "connect", address(8080), "--timeout=2s"])).toEqual({
      stdout: "",
      stderr: "",
      exitCode: 0,
    });
    expect(await run(["/agnhost", "connect", address(8081), "--timeout=2s", "--protocol=udp"])).toMatchObject({
      exitCode: 0,
    });
  });

  test("and has one word for each failure", async () => {
    expect(await run(["/agnhost", "connect", address(81), "--timeout=2s"])).toMatchObject({
      stderr: "REFUSED\n",
      exitCode: 1,
    });
    expect(await run(["/agnhost", "connect", "10.244.99.9:80", "--timeout=2s"])).toMatchObject({
      stderr: "TIMEOUT\n",
      exitCode: 1,
    });
    expect(await run(["/agnhost", "connect", "nobody:80", "--timeout=2s"])).toMatchObject({
      stderr: expect.stringMatching(/^DNS: /),
      exitCode: 1,
    });
    expect(await run(["/agnhost", "connect", "nonsense", "--timeout=2s"])).toMatchObject({
      stderr: expect.stringMatching(/^OTHER: /),
      exitCode: 1,
    });
  });

  test("names resolve, the API server answers, a page is fetched", async () => {
    expect((await run(["nslookup", "kubernetes.default"])).stdout).toMatch(/Address: 10\.96\.0\.1/);
    expect(await run(["nslookup", "nobody.default"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("NXDOMAIN"),
    });
    expect(await run(["curl", "-sSk", "--max-time", "3", "https://kubernetes.default/healthz"])).toEqual({
      stdout: "ok",
      stderr: "",
      exitCode: 0,
    });
    expect(await run(["curl", "-sS", "https://kubernetes.default/healthz"])).toMatchObject({ exitCode: 60 });
    expect(await run(["curl", "-sS", `http://${address(8080)}/`])).toMatchObject({ exitCode: 0 });
    expect(await run(["wget", "-qO-", "-T", "2", `http://${address(81)}/`])).toMatchObject({ exitCode: 1 });
  });
});
