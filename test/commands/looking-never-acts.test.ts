import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeObject } from "crossfade-lab/objects.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { NeededImages } from "../../src/commands/processes/needed-images.ts";
import { commandLine } from "../support/command-line.ts";
import { World } from "../support/lab/lab-run.ts";
import { tellWrites } from "../support/lab/told-writes.ts";

interface PodObject extends KubeObject {
  readonly spec: { readonly nodeName?: string };
}

let world: World;
/** Requests that change something, in order. */
const writes: string[] = [];

const crossfade = (argv: readonly string[], env: Record<string, string> = {}) =>
  commandLine(
    {
      ...(world.environment() as Record<string, string>),
      HOME: "/nonexistent",
      XDG_STATE_HOME: "/nonexistent",
      ...env,
    },
    ...argv,
  );

const paused = async () => (await world.cluster.ports().records.run())?.paused;
/** Node → its pods. */
const pods = () =>
  world.lab.store.list<PodObject>("pods").map(({ metadata, spec }) => `${spec.nodeName ?? "-"} ${metadata.name}`);

/** A run that a person paused in the middle of a drain, and that nobody runs any more. */
beforeAll(async () => {
  world = await World.make({ seed: 71, ...tellWrites(writes) });
  const run = world.start({ consents: ["nodes"] });
  await run.until("a node that drains", ({ nodes }) =>
    Object.values(nodes).some(({ state }) => state.phase === "migrating" && state.step === "drain"),
  );
  await run.ask({ request: "pause", by: "ann" });
  await run.until("the pause", ({ pace }) => pace === "paused");
  run.engine.stop();
  await run.end();
});

beforeEach(() => {
  writes.length = 0;
});

afterAll(() => world.close());

describe("of a run that is paused in mid-drain, nothing is gone on with by", () => {
  test.each<readonly [readonly string[], Record<string, string>, number]>([
    [[], {}, 3],
    [["--plain"], {}, 3],
    [["--headless"], {}, 3],
    [["--json"], {}, 3],
    [[], { TERM: "dumb" }, 3],
    [["status"], {}, 3],
    [["status", "--json"], {}, 3],
    [["repair"], {}, 0],
  ])("crossfade %j with %j", async (argv, env, expected) => {
    const before = pods();
    const { code, err } = await crossfade(argv, env);
    expect({ code, err }).toEqual({ code: expected, err: "" });
    expect(writes).toEqual([]);
    expect(await paused()).toBe(true);
    expect(pods()).toEqual(before);
  });
});

test("an engine that a panel starts to look leaves the run alone; only one that is told to goes on with it", async () => {
  const looking = world.start({ consents: ["nodes"], newRunOnly: true });
  await expect(looking.engine.ended).rejects.toMatchObject({ code: "UNATTENDED" });
  expect(writes).toEqual([]);
});

test("the first line says how to go on", async () => {
  const { out } = await crossfade(["--plain"]);
  expect(out.split("\n")[0]).toMatch(/^read-only; no engine runs it: crossfade resume/);
  const json = JSON.parse((await crossfade(["--json"])).out.split("\n")[0] ?? "") as { goOn: string; type: string };
  expect(json).toMatchObject({ type: "status", goOn: expect.stringContaining("crossfade resume") });
});

test("what only a run uses is refused where a run is only shown", async () => {
  const { code, err } = await crossfade(["--plain", "--consent", "nodes"]);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("crossfade migrate --headless --consent") });
});

test.each([
  [["rollback", "--all"]],
  [["rollback", "--all"]],
  [["rollback", "worker-1"]],
  [["rollback", "worker-1", "--json"]],
])("crossfade %j without a terminal wants --yes, and changes nothing", async (argv) => {
  const { code, err } = await crossfade(argv);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("say --yes") });
  expect(writes).toEqual([]);
});

test("a plan lists every image that the nodes pull, those of the chart by helm, and writes nothing", async () => {
  const { out } = await crossfade(["plan", "--json", "--reboot", "none"]);
  const { images, imagesNotListed } = JSON.parse(out) as NeededImages;
  expect(imagesNotListed).toBeNull();
  expect(images).toEqual([
    { image: expect.stringContaining("agnhost"), for: ["probe pods", "cleaner pods"] },
    ...["cilium-envoy", "cilium", "operator-generic"].map((name) => ({
      image: expect.stringMatching(new RegExp(`^quay.io/cilium/${name}:v1`)),
      for: ["Cilium"],
    })),
  ]);
  expect(writes).toEqual([]);
});

test("a plan that saves the old CNI's objects writes files that can be applied again, and nothing to the cluster", async () => {
  const folder = mkdtempSync(join(tmpdir(), "save-source-"));
  try {
    const { code, out } = await crossfade(["plan", "--reboot", "none", "--save-source", join(folder, "saved")]);
    expect({ code, writes }).toEqual({ code: 0, writes: [] });
    expect(out).toContain("source-objects.yaml");
    const text = readFileSync(join(folder, "saved", "source-objects.yaml"), "utf8");
    const objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toContain("ConfigMap/kube-flannel-cfg");
    expect(names.indexOf("ServiceAccount/flannel")).toBeLessThan(names.indexOf("DaemonSet/kube-flannel-ds"));
    expect(text).not.toMatch(/^ +(uid|resourceVersion|managedFields):|^status:/m);
    expect(readFileSync(join(folder, "saved", "kube-proxy.yaml"), "utf8")).toContain("clusterCIDR: 10.244.0.0/16");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
