import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli.ts";
import { writeNode } from "../../src/kube/records/node-record.ts";
import { complaintsIn } from "../support/command-line.ts";
import { type ClusterApi, clusterApi } from "../support/lab/cluster-api.ts";
import { World } from "../support/lab/lab-run.ts";

const mapPath = "/api/v1/namespaces/crossfade/configmaps/migration";
const leasePath = "/apis/coordination.k8s.io/v1/namespaces/crossfade/leases/engine";

interface Stored {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data: Readonly<Record<string, string>>;
}

let world: World;
let api: ClusterApi;
/** Requests that change something, in order. */
const writes: string[] = [];
let good: Readonly<Record<string, string>>;
let goodRecord: string;

async function crossfade(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: "", err: "" };
  const into = (name: "out" | "err") =>
    Object.assign(new PassThrough(), {
      write: (text: string, then?: () => void) => {
        texts[name] += text;
        then?.();
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const code = await main([...argv, "--kubeconfig", world.lab.address.kubeconfig], {
    env: { ...process.env, HOME: "/nonexistent" },
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: into("out"),
    stderr: into("err"),
    signal: new AbortController().signal,
  });
  return { code, ...texts };
}

const setData = (data: Readonly<Record<string, string | null>>) => api("PATCH", mapPath, { data });
const setNodeState = (node: string, state: string | null) =>
  api("PATCH", `/api/v1/nodes/${node}`, { metadata: { annotations: { "cni-crossfade/node": state } } });
const stored = () => api("GET", mapPath) as Promise<Stored>;

/** What crossfade may have changed of it. */
async function traces() {
  const node = (await api("GET", "/api/v1/nodes/worker-1")) as Stored;
  const lease = (await api("GET", leasePath)) as Stored;
  return {
    map: (await stored()).metadata.resourceVersion,
    lease: lease.metadata.resourceVersion,
    state: node.metadata.annotations?.["cni-crossfade/node"],
  };
}

beforeAll(async () => {
  world = await World.make({
    seed: 71,
    onAllowed: (_user, question) => {
      const resource = "resource" in question ? question.resource : "";
      if (!["get", "list", "watch"].includes(question.verb) && !resource.endsWith("reviews"))
        writes.push(`${question.verb} ${resource}`);
    },
  });
  api = clusterApi(readFileSync(world.lab.address.kubeconfig, "utf8"));
  const run = world.start({ consents: ["nodes"] });
  await run.until("worker-1 in mid-move", ({ nodes }) => {
    const state = nodes["worker-1"]?.state;
    return state?.phase === "migrating" && state.step !== "precheck";
  });
  run.engine.stop();
  await run.end();
  good = (await stored()).data;
  goodRecord = (await traces()).state ?? "";
});
afterAll(() => world.close());

beforeEach(async () => {
  const now = (await stored()).data;
  const none = Object.fromEntries(Object.keys(now).map((key) => [key, null]));
  await setData({ ...none, ...good });
  await setNodeState("worker-1", goodRecord);
  await setNodeState("worker-2", null);
});

const editState = (data: Readonly<Record<string, string>>): string =>
  (data["state"] ?? "").replace('"paused":false', '"paused":true');

const troubles: readonly [what: string, spoil: () => Promise<unknown>, sentence: RegExp][] = [
  [
    "a newer program's record",
    () => setData({ version: "2" }),
    /migration is of version 2, and this crossfade knows version 1\.\n {2}→ use the newer crossfade that wrote it/,
  ],
  [
    "a damaged record",
    () => setData({ plan: (good["plan"] ?? "").slice(0, 99) }),
    /migration is damaged: plan is not JSON\.\n {2}→ put it back as it was, or: kubectl -n crossfade delete configmap/,
  ],
  [
    "an edited record",
    () => setData({ state: editState(good) }),
    /migration was edited by hand: paused\.\n {2}→ crossfade repair shows what is wrong; with --accept/,
  ],
  ["an unsealed record", () => setData({ seal: null }), /migration has no seal: whether it was edited cannot be told/],
  [
    "an edited node",
    () => setNodeState("worker-1", goodRecord.replace(/"step":"[^"]+"/, '"step":"soak"')),
    /cni-crossfade\/node of node worker-1 was edited by hand: state\.step\.\n {2}→ crossfade repair/,
  ],
  [
    "a damaged node",
    () => setNodeState("worker-1", "{"),
    /cni-crossfade\/node of node worker-1 is damaged: it is not JSON\.\n {2}→ .*kubectl annotate node worker-1 cni-crossfade\/node-/,
  ],
  [
    "a node's record that was copied from another",
    () => setNodeState("worker-2", goodRecord),
    /cni-crossfade\/node of node worker-2 is that of another node, worker-1\.\n {2}→ kubectl annotate node worker-2/,
  ],
  [
    "a node's record of another run",
    () =>
      setNodeState(
        "worker-1",
        writeNode("worker-1", {
          version: 1,
          run: 86_400_000,
          state: { phase: "migrated", at: 1, tookMs: 1, before: null },
          timings: {},
        }),
      ),
    /cni-crossfade\/node of node worker-1 is of another run, begun 1970-01-02T00:00:00\.000Z\.\n {2}→ kubectl annotate/,
  ],
];

const commands: readonly (readonly string[])[] = [
  ["migrate", "--headless", "--consent", "nodes,finalize,remove-source"],
  ["rollback", "--all", "--yes"],
  ["status"],
];

describe.each(troubles)("%s", (_what, spoil, sentence) => {
  test.each(commands)("is refused by crossfade %s with 4, and nothing is changed", async (...argv) => {
    await spoil();
    const before = await traces();
    writes.length = 0;
    const { code, out, err } = await crossfade(...argv);
    expect({ code, said: `${out}${err}` }).toEqual({ code: 4, said: expect.stringMatching(sentence) });
    expect(`${out}${err}`).not.toMatch(/^\s+at /m);
    expect(writes).toEqual([]);
    expect(await traces()).toEqual(before);
  });
});

test("status as JSON names every record that is not to be believed", async () => {
  await setData({ state: editState(good) });
  await setNodeState("worker-1", "{");
  const { code, out } = await crossfade("status", "--json");
  expect(code).toBe(4);
  expect(JSON.parse(out)).toMatchObject({
    run: null,
    nodes: [],
    untrusted: [
      { place: "ConfigMap crossfade/migration", code: "RECORD_EDITED" },
      { place: "annotation cni-crossfade/node of node worker-1", code: "RECORD_DAMAGED" },
    ],
  });
});

test("repair shows what was edited and changes nothing; with --accept it seals it, and the run can go on", async () => {
  await setData({ state: editState(good) });
  await setNodeState("worker-1", goodRecord.replace(/"step":"[^"]+"/, '"step":"precheck"'));
  writes.length = 0;
  const shown = await crossfade("repair");
  expect(shown.code).toBe(4);
  expect(shown.out).toMatch(/edited by hand: paused\.\n {2}paused is now true\n/);
  expect(shown.out).toMatch(/edited by hand: state\.step\.\n {2}state\.step is now "precheck"\n/);
  expect(writes).toEqual([]);
  const accepted = await crossfade("repair", "--accept");
  expect([accepted.code, complaintsIn(accepted.err)]).toEqual([0, []]);
  expect(accepted.out).toMatch(/ConfigMap crossfade\/migration: accepted as it is now, and sealed/);
  const status = await crossfade("status");
  expect(status).toMatchObject({
    code: 3,
    out: expect.stringMatching(/paused: .*\n(.*\n)*.*worker-1: migrating at precheck/),
  });
});

test("what cannot be accepted stays as it is", async () => {
  await setData({ plan: (good["plan"] ?? "").replaceAll("10.245", "10.246") });
  const before = (await stored()).data;
  const { code, out } = await crossfade("repair", "--accept");
  expect({ code, out }).toEqual({
    code: 4,
    out: expect.stringMatching(/there was nothing to accept\n(.*\n)*.*put .*plan\.cilium.* back as it was/),
  });
  expect((await stored()).data).toEqual(before);
});

test("what others write beside it, labels and annotations, trips nothing", async () => {
  await setData({ request: "from another terminal" });
  await api("PATCH", mapPath, { metadata: { labels: { team: "net" }, annotations: { "argocd/x": "y" } } });
  await api("PATCH", "/api/v1/nodes/worker-1", { metadata: { labels: { rack: "7" } } });
  expect(await crossfade("status")).toMatchObject({ err: "", out: expect.stringContaining("worker-1: migrating at") });
  expect(await crossfade("repair")).toMatchObject({ code: 0 });
});
