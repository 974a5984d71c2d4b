import { expect } from "vitest";
import { ClusterView } from "./lab-cluster.ts";
import type { LabRun, World } from "./lab-run.ts";

/** A node that is wholly on Flannel, and reachable both ways. */
export async function expectOld(world: World, node: string, cordoned: boolean): Promise<void> {
  const cluster = new ClusterView(world.lab);
  expect({
    node,
    active: cluster.activeFiles(node),
    newAddresses: cluster.podsAt("10.245.", node),
    labelled: cluster.labelled.includes(node),
    cordoned: cluster.cordoned.includes(node),
    ours: cluster.ours.filter((one) => one.includes("reboot")),
  }).toEqual({ node, active: ["10-flannel.conflist"], newAddresses: [], labelled: false, cordoned, ours: [] });
  await world.until("every node to reach every other", () => cluster.broken.length === 0);
}

export const restored = (run: LabRun, node: string): Promise<void> =>
  run.until(`${node} to be restored`, ({ nodes }) => nodes[node]?.state.phase === "rolled-back");
