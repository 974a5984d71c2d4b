import type { KubeObject } from "../../objects.ts";
import type { Scenario } from "../scenario.ts";
import { isCordoned, isOnCilium, onFirstNode, setCordon } from "./first-node.ts";

/** A colleague who does maintenance of his own meanwhile. */
export const cordonedByOthers: Scenario = {
  name: "cordoned-by-others",
  summary: "another user cordons a queued node, and the second node as soon as it was moved and uncordoned",
  answer:
    "Moves the waiting one like any other, and leaves both cordoned: only our own cordon is ever taken away, once.",
  options: "Uncordon them when the maintenance is over: kubectl uncordon NODE.",
  begin(stage) {
    const { store } = stage;
    onFirstNode(stage, isOnCilium, () => {
      const last = store.list("nodes").find(({ metadata }) => metadata.name.startsWith("control-plane"));
      if (last) setCordon(store, last.metadata.name, true);
    });
    let uncordoned = 0;
    store.subscribe<KubeObject>("nodes", ({ type, object, old }) => {
      if (type !== "MODIFIED" || !old || !isCordoned(old) || isCordoned(object)) return;
      uncordoned += 1;
      if (uncordoned === 2) queueMicrotask(() => setCordon(store, object.metadata.name, true));
    });
  },
};
