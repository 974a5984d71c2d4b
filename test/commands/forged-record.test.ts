import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hashOfPlan } from "../../src/engine/model/plan/plan-hash.ts";
import type { Plan } from "../../src/engine/model/plan-types.ts";
import type { RunRecord } from "../../src/engine/model/ports/records.ts";
import { makePlan } from "../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../src/engine/plan/plan-input.ts";
import { writeRecord } from "../../src/kube/records/run-record.ts";
import { sha256 } from "../../src/kube/records/seal.ts";
import { LocalAgreements } from "../../src/runner/agreements.ts";
import { aChart } from "../support/a-chart.ts";
import { commandLine } from "../support/command-line.ts";
import { type ClusterApi, clusterApi } from "../support/lab/cluster-api.ts";
import { World } from "../support/lab/lab-run.ts";
import { tellWrites } from "../support/lab/told-writes.ts";
import { makeNamespace, putRecord, recordOf } from "../support/panel/recorded-run.ts";

let world: World;
let api: ClusterApi;
let plan: Plan;
let folder: string;
/** Requests that change something, in order. */
const writes: string[] = [];

const hashed = (one: Plan): Plan => ({ ...one, hash: hashOfPlan(one, sha256) });

/** What a tenant who may write ConfigMaps in namespace crossfade would put there. */
function forged(change: Partial<Plan["options"]> = {}, record: Partial<RunRecord> = {}): RunRecord {
  const reboot = { method: "command", argv: ["/bin/sh", "-c", `id > ${folder}/PWNED-{node}`] } as const;
  const options = { ...plan.options, reboot, ...change };
  return recordOf({ ...plan, options }, record);
}

async function put(record: RunRecord): Promise<void> {
  await makeNamespace(api).catch(() => undefined);
  await putRecord(api, record);
  writes.length = 0;
}

/** In its place, as kubectl edit does. */
const change = (record: RunRecord) =>
  api("PATCH", "/api/v1/namespaces/crossfade/configmaps/migration", { data: writeRecord(record).data });

const crossfade = (...argv: readonly string[]) =>
  commandLine(
    { PATH: process.env.PATH ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "state"), XDG_RUNTIME_DIR: folder },
    ...argv,
    "--kubeconfig",
    world.lab.address.kubeconfig,
  );

beforeAll(async () => {
  world = await World.make({ seed: 72, ...tellWrites(writes) });
  api = clusterApi(readFileSync(world.lab.address.kubeconfig, "utf8"));
  const facts = await world.ports().inventory.read(new AbortController().signal);
  plan = makePlan(facts, defaultPlanInput, { chart: aChart, now: () => 1_000, hash: sha256 });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "forged-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

afterAll(() => world.close());

/** The whole of what a forged record must not bring about. */
function nothingDone(): void {
  expect(writes).toEqual([]);
  expect(plan.nodes.filter(({ name }) => existsSync(join(folder, `PWNED-${name}`)))).toEqual([]);
}

describe("a record that was not agreed to on this machine", () => {
  test.each([
    ["migrate", ["migrate", "--headless"]],
    ["migrate with every consent", ["migrate", "--headless", "--consent", "nodes,finalize,remove-source"]],
    ["take-over", ["take-over", "--headless"]],
    ["retry", ["retry", "worker-1"]],
    ["skip", ["skip", "worker-1"]],
    ["rollback --all", ["rollback", "--all", "--yes"]],
    ["rollback of one node", ["rollback", "worker-1", "--yes"]],
  ])("%s shows what it would run, does nothing and ends with 4", async (_what, argv) => {
    const record = forged();
    await put(record);
    const { code, out, err } = await crossfade(...argv);
    expect(code, out + err).toBe(4);
    expect(err).toContain("was not agreed to on this machine");
    expect(err).toContain(`--agree ${record.plan.hash.slice(0, 12)}`);
    expect(out).toContain(`plan: ${record.plan.hash}`);
    expect(out).toContain(`THIS COMMAND, ON THE MACHINE THAT RUNS CROSSFADE: ["/bin/sh","-c","id >`);
    expect(out).toContain("probe image: registry.k8s.io/e2e-test-images/agnhost");
    expect(out).toContain("chart: cilium from https://helm.cilium.io/");
    expect(out).toContain(`pod CIDR: ${record.plan.cilium.podCidr}`);
    expect(out).toContain("consents: nodes by ops@bastion at 1970-01-01T00:00:01.000Z");
    nothingDone();
  });

  test("its values are shown where they are not crossfade's own", async () => {
    const initial = { ...plan.values.initial, image: { repository: "evil.example/cilium" } };
    await put(forged({}, { plan: hashed({ ...plan, values: { ...plan.values, initial } }) }));
    const { code, out } = await crossfade("migrate", "--headless");
    expect(code).toBe(4);
    expect(out).toContain('value: image.repository: "evil.example/cilium"');
    expect(out).not.toContain("value: routingMode");
    nothingDone();
  });

  test("an attended engine asks, and refuses everything but the agreement", async () => {
    const record = forged();
    await put(record);
    const agreements = new LocalAgreements(join(folder, "agreed.json"));
    const run = world.start({ attended: true, consents: [], agreements });
    await run.until("the question", ({ agreement }) => agreement !== null);
    expect(run.state.consents).toEqual({});
    for (const request of [{ request: "resume" }, { request: "rollback-all" }, { request: "pause" }] as const)
      expect(await run.engine.ask({ ...request, by: "tester" })).toMatchObject({ code: "agree-first" });
    expect(await run.engine.ask({ request: "agree", hash: "0".repeat(64), by: "tester" })).toMatchObject({
      code: "agreement-not-asked",
    });
    nothingDone();
    run.engine.stop();
    expect(await run.end()).toBe("interrupted");
    nothingDone();
  });

  test("once agreed to by a key it is gone on with, and kept; a consent that is added later is asked for", async () => {
    const record = forged({ reboot: { method: "manual" } }, { paused: true });
    await put(record);
    const path = join(folder, "agreed.json");
    const run = world.start({ attended: true, consents: [], agreements: new LocalAgreements(path) });
    await run.until("the question", ({ agreement }) => agreement !== null);
    await run.ask({ request: "agree", hash: record.plan.hash, by: "tester" });
    await run.until("the run to be taken up", ({ runner }) => runner !== null);
    run.engine.stop();
    await run.end();
    expect(new LocalAgreements(path).of(record)).toMatchObject({ consents: ["nodes"], by: "tester" });
    const more = { ...record, consents: { ...record.consents, "remove-source": { by: "ops@bastion", at: 2_000 } } };
    await put(more);
    const next = world.start({ attended: true, consents: [], agreements: new LocalAgreements(path) });
    await next.until("the question", ({ agreement }) => agreement !== null);
    expect(next.state.agreement).toMatchObject({ isNew: false, consents: [{ consent: "remove-source" }] });
    nothingDone();
    next.engine.stop();
    await next.end();
  });

  test("a record that is changed while it is asked about is asked about anew", async () => {
    const [first, second] = [forged({ reboot: { method: "manual" } }), forged()];
    await put(first);
    const agreements = new LocalAgreements(join(folder, "agreed.json"));
    const run = world.start({ attended: true, consents: [], agreements });
    await run.until("the question", ({ agreement }) => agreement?.hash === first.plan.hash);
    await change(second);
    await run.until("the other question", ({ agreement }) => agreement?.hash === second.plan.hash);
    writes.length = 0;
    expect(await run.engine.ask({ request: "agree", hash: first.plan.hash, by: "tester" })).toMatchObject({
      code: "agreement-not-asked",
    });
    nothingDone();
    run.engine.stop();
    await run.end();
  });
});

describe("crossfade status", () => {
  test("says what a record would run, and whether it was agreed to here", async () => {
    const record = forged();
    await put(record);
    const { out } = await crossfade("status");
    expect(out).toContain("NOT AGREED TO ON THIS MACHINE");
    expect(out).toContain('reboot: THIS COMMAND, ON THE MACHINE THAT RUNS CROSSFADE: ["/bin/sh"');
    const told = JSON.parse((await crossfade("status", "--json")).out) as { readonly recorded: unknown };
    expect(told.recorded).toMatchObject({ plan: record.plan.hash, agreedHere: false });
    nothingDone();
  });
});

describe("a record whose texts would be options", () => {
  test.each<[string, Partial<Plan>]>([
    ["chart path", { cilium: { chart: { path: "--post-renderer=/x" } } as never }],
    [
      "chart path beside a repository",
      { cilium: { chart: { path: "-x", repository: "https://a", name: "b" } } as never },
    ],
    ["repository", { cilium: { chart: { repository: "--post-renderer=/x", name: "cilium" } } as never }],
    ["chart name", { cilium: { chart: { repository: "https://a.example/", name: "--x" } } as never }],
    ["release", { cilium: { release: "--x" } as never }],
  ])("%s is not believed", async (_what, { cilium }) => {
    await put(forged({}, { plan: hashed({ ...plan, cilium: { ...plan.cilium, ...cilium } }) }));
    const { code, err } = await crossfade("migrate", "--headless", "--agree", "0".repeat(12));
    expect(err).toContain("damaged");
    expect(code).toBe(4);
    nothingDone();
  });
});

describe("agreeing on the command line", () => {
  test("another hash is refused", async () => {
    await put(forged());
    const { code, err } = await crossfade("migrate", "--headless", "--agree", "0".repeat(12));
    expect(code).toBe(2);
    expect(err).toContain("is not the recorded plan");
    nothingDone();
  });

  test("too little of a hash is refused", async () => {
    await put(forged());
    expect((await crossfade("migrate", "--headless", "--agree", "0123456789a")).code).toBe(2);
  });

  test("what was agreed to is of that run only: the same plan begun anew is asked for again", async () => {
    const record = forged();
    const agreements = new LocalAgreements(join(folder, "agreed.json"));
    expect(agreements.agree(record, ["nodes"], "me", 5)).toBeNull();
    expect(agreements.of(record)).not.toBeNull();
    expect(agreements.of({ ...record, startedAt: record.startedAt + 1 })).toBeNull();
    expect(agreements.of({ ...record, plan: { ...record.plan, options: { ...record.plan.options, soakMs: 1 } } })).toBe(
      null,
    );
    agreements.forget(record);
    expect(new LocalAgreements(join(folder, "agreed.json")).of(record)).toBeNull();
  });
});

describe("a record of another cluster", () => {
  test("is refused by its uid, agreed to or not", async () => {
    const other = hashed({ ...plan, cluster: { ...plan.cluster, uid: "another" } });
    await put(forged({}, { plan: other }));
    const { code, err } = await crossfade("migrate", "--headless", "--agree", other.hash);
    expect(code).toBe(4);
    expect(err).toContain("was planned for another cluster");
    nothingDone();
  });
});

describe("flags beside a recorded run", () => {
  test.each([
    ["--reboot none", "--reboot none differs from the recorded run (command"],
    [
      "--probe-image example.org/mine:1",
      "--probe-image example.org/mine:1 differs from the recorded run (registry.k8s",
    ],
    ["--cilium-version 1.17.1", "--cilium-version 1.17.1 differs from the recorded run (1.18"],
    ["--pod-cidr 10.99.0.0/16", "--pod-cidr 10.99.0.0/16 differs from the recorded run (10."],
    ["--exclude worker-1", "--exclude worker-1 differs from the recorded run (none)"],
    ["--when-left continue", "--when-left continue differs from the recorded run (pause)"],
    ["--soak 7s", "--soak 7s differs from the recorded run (5s)"],
    ["--on-node-failure skip --max-failures 3", "--max-failures 3 differs from the recorded run (1)"],
  ])("%s is refused by name", async (flags, said) => {
    await put(forged());
    const { code, err } = await crossfade("migrate", "--headless", ...flags.split(" "));
    expect(err).toContain(said);
    expect(code).toBe(2);
    nothingDone();
  });

  test("what agrees with the run is no difference", async () => {
    await put(forged());
    const { code, err } = await crossfade("migrate", "--headless", "--soak", "5s", "--cilium-version", "1.18.12");
    expect(err).toContain("was not agreed to on this machine");
    expect(code).toBe(4);
  });
});
