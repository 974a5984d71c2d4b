import type { KubeObject } from "../../objects.ts";
import type { Scenario } from "../scenario.ts";

interface Scaled extends KubeObject {
  spec: { replicas: number; template?: unknown };
}

const operator = ["kube-system", "cilium-operator"] as const;

/** Cilium's operator alone writes the condition by which a node is known to have a network. */
export const operatorAway: Scenario = {
  name: "operator-away-in-removal",
  summary:
    "just before the old CNI is removed, somebody scales cilium-operator to 0 replicas, and back six minutes later",
  answer:
    "Where the old CNI marks a node as without network when it stops, does not delete it before the operator is Ready again, and proves afterwards that no node kept the taint.",
  options: "Scale cilium-operator back to what it was.",
  begin({ store, clock }) {
    const scale = (replicas: number) =>
      store.change<Scaled>("apps/deployments", ...operator, (copy) => {
        copy.spec.replicas = replicas;
      });
    let known = 0;
    // With its final values Cilium rolls its operator once more: from then on it is about to be needed.
    store.subscribe<Scaled>("apps/deployments", ({ type, object, old }) => {
      if (object.metadata.name !== operator[1] || type !== "MODIFIED" || !old || known > 0) return;
      if (JSON.stringify(object.spec.template) === JSON.stringify(old.spec.template)) return;
      known = object.spec.replicas;
      clock.after(60_000, () => scale(0));
      clock.after(420_000, () => scale(known));
    });
  },
};
