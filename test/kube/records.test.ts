import { expect, test } from "vitest";
import type { Plan } from "../../src/engine/plan-types.ts";
import type { RunRecord } from "../../src/engine/ports.ts";
import { ClusterRecords } from "../../src/kube/records.ts";
import { readLife, readRecord, writeRecord } from "../../src/kube/run-record.ts";
import { Watches } from "../../src/kube/watch.ts";
import { clientOf } from "./support/client-of.ts";
import { FakeServer, json, status } from "./support/fake-server.ts";
import { OneObject } from "./support/one-object.ts";

const plan: Plan = {
  version: 1,
  hash: "abc",
  at: 1,
  cluster: { context: "c", server: "s", uid: "u", kubernetesVersion: "v1.33.4", serviceCidrs: [] },
  source: {
    id: "flannel",
    version: "",
    namespace: "kube-flannel",
    daemonSet: "kube-flannel-ds",
    configMap: "kube-flannel-cfg",
    podLabels: {},
    confFile: "10-flannel.conflist",
    backend: "vxlan",
    podCidrs: ["10.244.0.0/16"],
    port: 8472,
    vni: 1,
    mtu: 0,
  },
  cilium: {
    version: "1.18.12",
    namespace: "kube-system",
    release: "cilium",
    chart: { path: "x.tgz" },
    podCidr: "10.245.0.0/16",
    maskSize: 24,
    tunnelProtocol: "geneve",
    tunnelPort: 6081,
    operatorReplicas: 1,
  },
  nodes: [{ name: "n1", turn: "canary", podsToMove: 3, estimateMs: 1000 }],
  options: {
    reboot: { method: "none" },
    soakMs: 0,
    drainTimeoutMs: 0,
    rebootTimeoutMs: 0,
    onNodeFailure: "stop",
    maxFailures: 1,
    retries: 1,
    deleteEmptyDirData: false,
    deleteBarePods: false,
    whenLeft: "pause",
    exclude: [],
    probeImage: "agnhost",
  },
  values: { initial: {}, final: {}, initialYaml: "", finalYaml: "", difference: [] },
  touches: [],
  undoableUntil: "then",
  estimateMs: 1000,
  verdicts: [],
};

const record: RunRecord = {
  version: 1,
  plan,
  direction: "forward",
  paused: false,
  consents: { nodes: { by: "me", at: 2 } },
  whenLeft: "pause",
  startedAt: 1,
  finished: null,
  stepsDone: { prepare: 10 },
  started: ["prepare", "install"],
};

const asMap = (written: object, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "migration", ...metadata },
  ...written,
});

test("a record is read as it was written", () => {
  expect(readRecord(asMap(writeRecord(record)))).toEqual(record);
});

test("a plan of thousands of nodes is packed far below a ConfigMap's limit", () => {
  const nodes = Array.from({ length: 5_000 }, (_, index) => ({
    name: `worker-${index}.example.internal`,
    turn: "worker" as const,
    podsToMove: index,
    estimateMs: 60_000,
  }));
  const large = { ...record, plan: { ...plan, nodes } };
  const written = writeRecord(large);
  expect(written.data["plan"]).toBeUndefined();
  expect(JSON.stringify(written).length).toBeLessThan(200_000);
  expect(readRecord(asMap(written))).toEqual(large);
});

const good = writeRecord(record).data;
const damages: readonly [what: string, data: Record<string, string>, message: RegExp][] = [
  ["a version of the future", { ...good, version: "2" }, /of version 2, and this crossfade knows version 1/],
  ["no version", { ...good, version: "" }, /bears no version/],
  [
    "a plan that somebody changed",
    { ...good, plan: (good["plan"] ?? "").replace("10.245", "10.246") },
    /checksum differs/,
  ],
  ["a hash that is another plan's", { ...good, planHash: "zzz" }, /hash is not the one/],
  ["a state that is no JSON", { ...good, state: "{" }, /state is not JSON/],
  [
    "a state with a wrong field",
    { ...good, state: JSON.stringify({ ...JSON.parse(good["state"] ?? ""), paused: "no" }) },
    /state\.paused is no yes or no/,
  ],
  [
    "an unknown direction",
    { ...good, state: JSON.stringify({ ...JSON.parse(good["state"] ?? ""), direction: "up" }) },
    /direction is "up"/,
  ],
];

test.each(damages)("%s is not trusted", (_what, data, message) => {
  const read = () => readRecord(asMap({ data }));
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ code: "RECORD_DAMAGED" }));
});

test("a node's life is read strictly", () => {
  const life = {
    version: 1,
    life: { phase: "migrating", step: "drain", since: 1, stepSince: 2, before: null },
    timings: { gate: 5 },
  };
  expect(readLife("n1", JSON.stringify(life))).toEqual(life);
  expect(() => readLife("n1", "x")).toThrow(/node n1.*not JSON/);
  expect(() => readLife("n1", JSON.stringify({ ...life, version: 9 }))).toThrow(/life\.version is 9/);
  expect(() => readLife("n1", JSON.stringify({ ...life, life: { phase: "flying" } }))).toThrow(
    /life\.life\.phase is "flying"/,
  );
  expect(() => readLife("n1", JSON.stringify({ ...life, life: { ...life.life, step: "jump" } }))).toThrow(
    /step is "jump"/,
  );
});

/** One ConfigMap behind two of us. */
async function twoOfUs() {
  const stored = new OneObject();
  const server = await FakeServer.start((seen, response) => {
    if (seen.path === "/api/v1/namespaces/crossfade") return json(response, 200, { metadata: { name: "crossfade" } });
    if (seen.query.has("fieldSelector")) return status(response, 404, "NotFound");
    return stored.serve(seen, response);
  });
  const clients = [clientOf(server.url), clientOf(server.url)] as const;
  const watches = clients.map((client) => new Watches(client.transport));
  const [runner, other] = clients.map((client, index) => new ClusterRecords(client, watches[index] as Watches));
  return {
    runner: runner as ClusterRecords,
    other: other as ClusterRecords,
    async [Symbol.asyncDispose]() {
      await Promise.all(watches.map((each) => each.close()));
      await Promise.all(clients.map((client) => client.close()));
      await server[Symbol.asyncDispose]();
    },
  };
}

test("two that both write the run itself do not overwrite each other", async () => {
  await using us = await twoOfUs();
  await us.runner.writeRun(record);
  await us.other.run();
  await us.other.writeRun({ ...record, paused: true });
  await expect(us.runner.writeRun({ ...record, direction: "back" })).rejects.toThrow(/changed by somebody else/);
  expect((await us.runner.run())?.paused).toBe(true);
});
