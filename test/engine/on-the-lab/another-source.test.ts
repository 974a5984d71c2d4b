import { bridgeDriver } from "crossfade-lab/test/support/bridge/bridge.ts";
import { afterEach, expect, test } from "vitest";
import type { EngineEvent } from "../../../src/engine/model/events.ts";
import { sources } from "../../../src/engine/sources/registry.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { type Choice, type LabRun, World } from "../../support/lab/lab-run.ts";
import { bridge } from "../../support/sources/bridge.ts";

let world: World;
afterEach(() => world.close());

const open = (seed: number) =>
  World.make({
    seed,
    cnis: [bridgeDriver],
    source: bridgeDriver.name,
    backend: bridgeDriver.backends[0],
    sources: [...sources, bridge],
  });

/** What its own steps wrote in its ConfigMap, beside the range. */
function told(): Readonly<Record<string, string>> {
  const { data = {} } = (world.lab.store.get("configmaps", "kube-system", "bridge-cni") ?? {}) as {
    readonly data?: Readonly<Record<string, string>>;
  };
  const { range: _range, ...own } = data;
  return own;
}

/** Ends the engine where a step was begun and has done nothing yet. */
const endedAt =
  (step: string) =>
  (event: EngineEvent, { engine }: LabRun) => {
    if ((event.type === "node-step-started" || event.type === "run-step-started") && event.step === step) engine.stop();
  };

/** Ends it where a step has changed this field and has not looked at it again. */
function endedAfterWriting(field: string): Pick<Choice, "around" | "onEvent"> {
  let run: LabRun | null = null;
  return {
    onEvent: (_event, it) => {
      run = it;
    },
    around: (ports) => ({
      ...ports,
      objects: {
        ...ports.objects,
        get: (object) => ports.objects.get(object),
        async merge(object, patch) {
          await ports.objects.merge(object, patch);
          if (JSON.stringify(patch).includes(`"${field}"`)) run?.engine.stop();
        },
      },
    }),
  };
}

/** What of the source a machine has. */
function leftOn(name: string): readonly string[] {
  const machine = world.lab.machines.get(name);
  if (!machine) throw new Error(`no machine ${name}`);
  return [
    ...[...machine.disk.keys()].filter((path) => /10-bridge|networks\/pods/.test(path)),
    ...[...machine.routes.keys()].filter((to) => to.startsWith("10.244.")),
    ...[...machine.links.keys()].filter((link) => link === "br-pods"),
    ...[...machine.chains].flatMap(([chain, rules]) => (`${chain} ${rules.join()}`.includes("BRIDGE-") ? [chain] : [])),
  ];
}

test("its own steps are planned, gone on with where an engine ended in one, and rolled back with a node and with the run", async () => {
  world = await open(52);
  const cut = world.start({ consents: ["nodes"], onEvent: endedAt("bridge/hold-routes") });
  expect(await cut.end()).toBe("interrupted");
  const { plan, order } = cut.state;
  expect(plan?.changes.map(({ phase }) => phase)).toEqual(
    expect.arrayContaining(["bridge/hold-routes", "bridge/stop-owner"]),
  );
  const [first = "", second = ""] = order;

  expect(await world.start({ consents: ["nodes"], ...endedAfterWriting(first) }).end()).toBe("interrupted");
  expect(told()).toEqual({ hold: "true", [first]: "leaving" });
  expect(await world.start({ consents: ["nodes"], onEvent: endedAt("bridge/left") }).end()).toBe("interrupted");
  expect(told()).toEqual({ hold: "true", [first]: "leaving" });

  const moved = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (event.type === "node-step-started" && event.node === second && event.step === "reboot") engine.stop();
    },
  });
  expect(await moved.end()).toBe("interrupted");
  expect(told()).toEqual({ hold: "true", [first]: "left", [second]: "leaving" });

  expect(await world.start({ attended: false, consents: [], rollback: { node: second } }).end()).toBe("rolled-back");
  expect(told()).toEqual({ hold: "true", [first]: "left" });

  const back = world.start({
    attended: false,
    consents: [],
    rollback: "all",
    ...endedAfterWriting("hold"),
  });
  expect(await back.end()).toBe("interrupted");
  expect(await world.start({ attended: false, consents: [], rollback: "all" }).end()).toBe("rolled-back");
  expect(told()).toEqual({});
});

test("a source that only its folder and the registry know: a node is rolled back and moved again, and the cluster ends wholly on Cilium", async () => {
  world = await open(51);
  const cluster = new ClusterView(world.lab);
  expect(leftOn("worker-1").join(" ")).toMatch(/10-bridge.*10\.244.*br-pods.*BRIDGE/);

  const first = world.start({
    consents: ["nodes"],
    onEvent: (event, { engine }) => {
      if (event.type === "node-step-started" && event.step === "reboot") engine.stop();
    },
  });
  expect(await first.end()).toBe("interrupted");
  const [half = ""] = first.state.order;
  const back = world.start({ attended: false, consents: [], rollback: { node: half } });
  expect(await back.end()).toBe("rolled-back");
  expect(cluster.activeFiles(half)).toEqual(["10-bridge.conflist"]);
  expect(cluster.podsAt("10.245.", half)).toEqual([]);
  await world.until("every node to reach every other", () => cluster.broken.length === 0);
  expect(await world.start({ attended: false, consents: [], rollback: "all" }).end()).toBe("rolled-back");

  const run = world.start();
  expect(await run.end()).toBe("migrated");
  expect(cluster.podsAt("10.244.")).toEqual([]);
  expect(Object.values(cluster.confInCharge())).toEqual(cluster.nodeNames.map(() => "05-cilium.conflist"));
  expect(Object.fromEntries(cluster.nodeNames.map((name) => [name, leftOn(name)]))).toEqual(
    Object.fromEntries(cluster.nodeNames.map((name) => [name, []])),
  );
  for (const kind of ["apps/daemonsets", "serviceaccounts", "configmaps"])
    expect(world.lab.store.get(kind, "kube-system", "bridge-cni")).toBeUndefined();
  const { plan, steps } = run.state;
  for (const step of [
    "bridge/hold-routes",
    "bridge/look-at-routes",
    "bridge/stop-owner",
    "bridge/routes-gone",
  ] as const)
    expect(steps[step]?.state).toBe("done");
  expect(plan?.source).toMatchObject({ id: "bridge", name: "Bridge", encapsulations: [] });
  expect(JSON.stringify(plan)).not.toMatch(/flannel/i);
  const said = run.events.map((event) => JSON.stringify(event)).join("\n");
  expect(said).not.toMatch(/flannel/i);
});
