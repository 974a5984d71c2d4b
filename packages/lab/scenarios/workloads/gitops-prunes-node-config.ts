import type { KubeObject } from "../../objects.ts";
import { isCordoned, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";
import { syncSwitch } from "./gitops.ts";

const nodeConfigs = "cilium.io/ciliumnodeconfigs";
const pruneMs = 1_500;

/** GitOps with pruning for all of kube-system deletes what is not in git. */
export const gitopsPrunesNodeConfig: Scenario = {
  name: "gitops-prunes-node-config",
  summary: "GitOps deletes the CiliumNodeConfig soon after each time it is written, until its Application is deleted",
  answer:
    "Writes it again before the label and before an agent's pod is recreated, three times a step; then the node fails and says that the object keeps being deleted.",
  options: "Exempt the object from pruning, or suspend the Application, and retry; or roll the node back; or skip it.",
  begin(stage) {
    const { store, clock } = stage;
    const isOn = syncSwitch(store);
    // The kind is known by then: Cilium's operator has made its CRD.
    onFirstNode(stage, isCordoned, () => {
      store.subscribe<KubeObject>(nodeConfigs, ({ type, object }) => {
        if (type !== "ADDED") return;
        const { namespace = "", name } = object.metadata;
        clock.after(pruneMs, () => {
          if (isOn()) store.delete(nodeConfigs, namespace, name);
        });
      });
    });
  },
};
