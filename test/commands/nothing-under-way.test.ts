import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planWithChart } from "../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../src/engine/plan/plan-input.ts";
import { sha256 } from "../../src/kube/records/seal.ts";
import { commandLineIn } from "../support/command-line.ts";
import { type ClusterApi, clusterApi } from "../support/lab/cluster-api.ts";
import { World } from "../support/lab/lab-run.ts";
import { tellWrites } from "../support/lab/told-writes.ts";
import { makeNamespace, putRecord, recordOf } from "../support/panel/recorded-run.ts";
import { inWords } from "../support/said.ts";

let world: World;
let api: ClusterApi;
let folder: string;
/** Requests that change something, in order. */
const writes: string[] = [];

const everything = ["--consent", "nodes,finalize,remove-source"];

const crossfade = (...argv: readonly string[]) => commandLineIn(world.environment(), folder, ...argv);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nothing-"));
  world = await World.make({ seed: 73, ...tellWrites(writes) });
  api = clusterApi(readFileSync(world.lab.address.kubeconfig, "utf8"));
});

beforeEach(() => {
  writes.length = 0;
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const goingOn: readonly (readonly [line: string, says: RegExp])[] = [
  ["take-over --headless", /there is nothing to take over\n.*crossfade migrate begins one/],
  ["take-over --json --wait", /there is nothing to take over/],
  ["resume", /no run is under way/],
  ["retry worker-1", /no run is under way/],
  ["rollback --all --yes", /nothing (of ours )?to roll back/],
];

/** Of nothing that would be moved a word, and nothing on the cluster or in the journal. */
async function beginsNothing(line: string, says: RegExp): Promise<void> {
  const consents = line.startsWith("rollback") ? [] : everything;
  const { code, out, err } = await crossfade(...line.split(" "), ...consents);
  expect({ code, out }).toEqual({ code: line.startsWith("rollback") ? 1 : 2, out: "" });
  expect(err).toMatch(says);
  expect(writes).toEqual([]);
}

describe("on a cluster without a run", () => {
  test.each(goingOn)("crossfade %s begins none, whatever consents it brings", beginsNothing);

  test("take-over says so in one sentence", async () => {
    expect(await crossfade("take-over")).toEqual({
      code: 2,
      out: "",
      err: "crossfade: no run is recorded on this cluster: there is nothing to take over\n  → crossfade plan shows what a run would do, crossfade migrate begins one\n",
    });
  });
});

describe("where the last run has ended", () => {
  beforeAll(async () => {
    const ports = world.ports();
    const { signal } = new AbortController();
    const sources = { charts: ports.charts, signal, now: () => 1_000, hash: sha256 };
    const plan = await planWithChart(await ports.inventory.read(signal), defaultPlanInput, sources);
    await makeNamespace(api);
    await putRecord(api, recordOf(plan, { finished: { outcome: "migrated", at: 2_000 } }));
    writes.length = 0;
  });

  test("take-over says so in one sentence, whatever consents it brings", async () => {
    const { code, out, err } = await crossfade("take-over", "--headless", ...everything);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("the last run is over: there is nothing to take over");
    expect(writes).toEqual([]);
  });

  test("an engine that was to go on with it, and was too late, begins none in its place", async () => {
    const late = world.start({ recordedRunOnly: true });
    await expect(inWords(late.engine.ended)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("no run is under way on this cluster any more"),
      remedy: expect.stringContaining("crossfade status"),
    });
    expect(late.of("run-announced")).toEqual([]);
    expect(writes).toEqual([]);
  });
});
