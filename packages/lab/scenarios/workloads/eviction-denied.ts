import type { Scenario } from "../scenario.ts";
import { deniedBy, refuseEvictions } from "./admission.ts";
import { deployment, plants, shop } from "./odd-pods.ts";

const app = "broker";
const webhook = "drain-cleaner.operators.example";
/** Longer than a pod needs, shorter than a drain may take. */
const rolledAfterMs = 120_000;

/** Strimzi's drain cleaner answers every eviction of a broker with 500, and its operator then moves the broker by itself. */
export const evictionDenied: Scenario = {
  name: "eviction-denied",
  summary:
    "an admission webhook denies the eviction of a pod with a 500, as Strimzi's drain cleaner does, and its operator moves the pod two minutes later",
  answer:
    "Names pod and webhook with its words, goes on with the other pods, asks again, and goes on once the pod has left; the drain's limit runs meanwhile.",
  options: "Wait for the operator; where it does nothing, look at its logs, or roll the node back.",
  begin(stage) {
    plants(deployment({ name: app }))(stage);
    const { store, clock } = stage;
    const rolled = new Set<string>();
    const roll = (pod: string) => {
      if (rolled.has(pod)) return;
      rolled.add(pod);
      clock.after(rolledAfterMs, () => store.delete("pods", shop, pod));
    };
    refuseEvictions(
      stage,
      (namespace, name) => namespace === shop && name.startsWith(`${app}-`),
      (pod) => {
        roll(pod);
        return deniedBy(webhook, "The pod will be rolled by the operator");
      },
    );
  },
};
