import { budget, deployment, shop } from "crossfade-lab/scenarios/workloads/odd-pods.ts";
import { plant } from "crossfade-lab/seed/seed-world.ts";
import { afterEach, expect, test } from "vitest";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import { World } from "../../support/lab/lab-run.ts";
import { said } from "../../support/said.ts";

let world: World;
afterEach(() => world.close());

const app = "primary";
const budgets = "policy/poddisruptionbudgets";
const itsBudget = budget(app, app, { minAvailable: 1 });

/** As CloudNativePG does: no eviction of a primary is ever allowed, until its node is cordoned and the operator lets go of it. */
function operate(cluster: ClusterView): { readonly deleted: string[] } {
  const { store } = world.lab;
  const deleted: string[] = [];
  const reconcile = () => {
    const pod = cluster.pods().find(({ metadata }) => metadata.namespace === shop && metadata.name.startsWith(app));
    const node = pod?.spec.nodeName ?? "";
    const isThere = store.get(budgets, shop, app) !== undefined;
    const mustMove = cluster.cordoned.includes(node);
    if (mustMove && isThere) {
      deleted.push(node);
      store.delete(budgets, shop, app);
    } else if (!mustMove && !isThere && pod?.status?.phase === "Running") plant(store, [itsBudget]);
  };
  for (const resource of ["nodes", "pods"] as const) store.subscribe(resource, () => queueMicrotask(reconcile));
  return { deleted };
}

test("a budget that allows none blocks, is accepted by name, and its operator lets each drain through", async () => {
  world = await World.make({ seed: 44, speed: 60 });
  const { store } = world.lab;
  const cluster = new ClusterView(world.lab);
  plant(store, [deployment({ name: app }), itsBudget]);
  const status = () => store.get(budgets, shop, app)?.status as { readonly currentHealthy?: number } | undefined;
  await world.until("the primary to count as healthy", () => status()?.currentHealthy === 1);

  const blocked = world.start({ consents: ["nodes"], attended: false });
  expect(await blocked.end()).toBe("blocked");
  const checkResults = blocked.state.plan?.checkResults ?? [];
  expect(checkResults.filter(({ level }) => level === "blocker").map(({ check }) => check)).toEqual([
    "budgets-blocked",
  ]);
  expect(cluster.cordoned).toEqual([]);

  const { deleted } = operate(cluster);
  const run = world.start({
    consents: ["nodes"],
    attended: false,
    input: { accept: ["budgets-blocked"] },
    cluster: await world.connect(),
  });
  expect(await run.end(150_000)).toBe("waiting");
  expect(run.state.plan?.options.accept).toEqual(["budgets-blocked"]);
  expect(cluster.podsAt("10.244.")).toEqual([]);
  expect(deleted.length).toBeGreaterThan(0);
  const held = run.of("node-held").flatMap(({ hold }) => (hold === null ? [] : [said(hold).because]));
  expect(held.filter((because) => /could not be asked/.test(because))).toEqual([]);
  expect(run.of("node-failed")).toEqual([]);
  expect(cluster.cordoned).toEqual([]);
});
