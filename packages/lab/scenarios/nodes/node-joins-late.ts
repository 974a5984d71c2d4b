import type { KubeObject } from "../../objects.ts";
import type { Scenario } from "../scenario.ts";
import { isOnCilium, onFirstNode } from "./first-node.ts";

/** Between the final values and the removal of the old CNI both of them reach for a new node. */
export const nodeJoinsLate: Scenario = {
  name: "node-joins-late",
  summary: "a new node joins after the CiliumNodeConfig was removed, while the old CNI is still there",
  answer: "Takes it in and moves it before anything is removed; no label, object or old address of it is left behind.",
  options: "None is needed; the consent to remove the old CNI is asked for again.",
  begin(stage) {
    let joined = false;
    // The kind is known once Cilium's operator has made its CRD: long before the first node is handed over.
    onFirstNode(stage, isOnCilium, () => {
      stage.store.subscribe<KubeObject>("cilium.io/ciliumnodeconfigs", ({ type }) => {
        if (joined || type !== "DELETED") return;
        joined = true;
        queueMicrotask(() => void stage.addNode());
      });
    });
  },
};
