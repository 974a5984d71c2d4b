import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/engine/model/plan-types.ts";
import type { RunRecord } from "../../src/engine/model/ports/records.ts";
import { commandLineIn } from "../support/command-line.ts";
import { type ClusterApi, clusterApi } from "../support/lab/cluster-api.ts";
import { World } from "../support/lab/lab-run.ts";
import { tellWrites } from "../support/lab/told-writes.ts";
import { putRecord, recordOf } from "../support/panel/recorded-run.ts";
import { said } from "../support/said.ts";

let world: World;
let api: ClusterApi;
let folder: string;
/** As it was made while there was no namespace. */
let plan: Plan | null = null;
/** Requests that change something, in order. */
const writes: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "namespace-"));
  world = await World.make({ seed: 74, ...tellWrites(writes) });
  api = clusterApi(readFileSync(world.lab.address.kubeconfig, "utf8"));
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const crossfade = (...argv: readonly string[]) => commandLineIn(world.environment(), folder, ...argv);

function agreedPlan(): Plan {
  if (plan === null) throw new Error("the first test makes the plan");
  return plan;
}

async function put(record: RunRecord): Promise<void> {
  await putRecord(api, record);
  writes.length = 0;
}

describe("a namespace crossfade that somebody else makes", () => {
  const bare = { metadata: { name: "crossfade" } };
  const agree = { request: "consent", consent: "nodes", by: "tester" } as const;

  test("between plan and consent is told, and nothing is written into it until a plan that says so is agreed to", async () => {
    const run = world.start({ attended: true, consents: [] });
    await run.until("the question", ({ asking }) => asking === "nodes");
    ({ plan } = run.state);
    expect(agreedPlan().namespaceOfOthers).toBeUndefined();
    await api("POST", "/api/v1/namespaces", bare);
    writes.length = 0;
    expect(said(await run.engine.ask(agree)).because).toMatch(
      /^namespace crossfade was made by another user since this plan was made/,
    );
    expect(writes).toEqual([]);
    expect(run.state.consents).toEqual({});
    expect(run.state.plan?.namespaceOfOthers).toBe(true);
    expect(await run.engine.ask(agree)).toBeNull();
    expect(writes).toContain("create leases");
    expect(writes).not.toContain("create namespaces");
    run.engine.stop();
    await run.end();
  });

  test("is told to whoever agrees to a run that another machine began in it", async () => {
    await put(recordOf({ ...agreedPlan(), namespaceOfOthers: true }));
    const { out } = await crossfade("migrate", "--headless");
    expect(out).toContain("namespace crossfade: made by others, and used as it is");
    expect(writes).toEqual([]);
  });

  test("keeps a run from being taken up whose plan does not say so, agreed to or not", async () => {
    await api("DELETE", "/api/v1/namespaces/crossfade");
    await world.until("the namespace to be gone", () =>
      world.lab.store.list("namespaces").every(({ metadata }) => metadata.name !== "crossfade"),
    );
    await api("POST", "/api/v1/namespaces", bare);
    const record = recordOf(agreedPlan());
    await put(record);
    const { code, err } = await crossfade("migrate", "--headless", "--agree", record.plan.hash);
    expect(err).toContain(
      "namespace crossfade was made by another user, which the plan that was agreed to does not say",
    );
    expect(code).toBe(1);
    expect(writes).toEqual([]);
  });
});
