import type { KubeObject } from "../../objects.ts";
import { isCordoned, isOnCilium, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";

const nodeConfigs = "cilium.io/ciliumnodeconfigs";

interface Scaled extends KubeObject {
  spec: { replicas?: number };
}

/** Somebody saves a pod, or a chart's values do, just before the old CNI is removed. */
export const operatorAwayInRemoval: Scenario = {
  name: "operator-away-in-removal",
  summary:
    "another user scales cilium-operator to 0 once every node is on Cilium and the CiliumNodeConfig is gone, just before the old CNI is removed",
  answer:
    "Removes nothing of an old CNI that leaves the taint network-unavailable on nodes, which only this operator takes away: waits, and names the Deployment. Another old CNI needs no operator, and the run goes on.",
  options:
    "Scale it up again, and the run goes on by itself: `kubectl -n kube-system scale deploy cilium-operator --replicas 1`.",
  begin(stage) {
    const { store } = stage;
    // The kind is known by then: the operator has made its CRD.
    onFirstNode(stage, isCordoned, () => {
      store.subscribe<KubeObject>(nodeConfigs, ({ type }) => {
        // On the way back it goes too, from nodes that are not Cilium's.
        if (type !== "DELETED" || !store.list<KubeObject>("nodes").some(isOnCilium)) return;
        queueMicrotask(() => {
          store.change<Scaled>("apps/deployments", "kube-system", "cilium-operator", ({ spec }) => {
            spec.replicas = 0;
          });
        });
      });
    });
  },
};
