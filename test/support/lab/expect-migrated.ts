import { expect } from "vitest";
import { ClusterView } from "./lab-cluster.ts";
import type { LabRun, World } from "./lab-run.ts";

const conf = "05-cilium.conflist";

/** What a migrated cluster shows, whatever way it went. */
export async function expectMigrated(world: World, run: LabRun, cordonedBefore: readonly string[] = []): Promise<void> {
  const cluster = new ClusterView(world.lab);
  const moved = Object.fromEntries(cluster.nodeNames.map((name) => [name, conf]));
  expect({
    inCharge: cluster.confInCharge(),
    oldAddresses: cluster.podsAt("10.244."),
    cordoned: cluster.cordoned,
    labelled: cluster.labelled,
    tainted: cluster.tainted,
    nodeConfigs: cluster.nodeConfigs,
    flannel: cluster.flannel,
    ours: cluster.ours,
  }).toEqual({
    inCharge: moved,
    oldAddresses: [],
    cordoned: cordonedBefore,
    labelled: [],
    tainted: [],
    nodeConfigs: [],
    flannel: [],
    ours: [],
  });
  expect(cluster.podsAt("10.245.").length).toBeGreaterThan(10);
  expect(await world.ports().installer.values()).toEqual(run.state.plan?.values.final);
  expect((await world.ports().records.run())?.finished?.outcome).toBe("migrated");
  expect(await world.ports().lock.state()).toBeNull();
}
