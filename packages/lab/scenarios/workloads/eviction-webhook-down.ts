import type { Scenario } from "../scenario.ts";
import { notCalled, refuseEvictions } from "./admission.ts";
import { deployment, plants, shop } from "./odd-pods.ts";

const app = "guarded";

/** A policy engine that fails closed and has lost its pods: every eviction that it must be asked about is a 500. */
export const evictionWebhookDown: Scenario = {
  name: "eviction-webhook-down",
  summary: "twelve pods on worker-1 may be evicted only with the word of an admission webhook that has no endpoints",
  answer:
    "Names pod and webhook, moves all other pods meanwhile, and asks again; after `--drain-timeout` the node fails, still on its old network, and says how to find the webhook's Service.",
  options: "Bring the webhook's pods back, and the drain goes on by itself; or roll the node back.",
  begin(stage) {
    plants(deployment({ name: app }, 12))(stage);
    refuseEvictions(
      stage,
      (namespace, name) => namespace === shop && name.startsWith(`${app}-`),
      () => notCalled("evictions.policy.example", "policy/policy-svc"),
    );
  },
};
