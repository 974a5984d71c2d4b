import type { Scenario } from "../scenario.ts";
import { deployment, plants } from "./odd-pods.ts";

/** Whoever set the finalizer was uninstalled meanwhile. */
export const podKeptByFinalizer: Scenario = {
  name: "pod-kept-by-finalizer",
  summary: "a pod on worker-1 has a finalizer that is never removed, so it stays Terminating",
  answer:
    "Warns before the run; holds the drain, naming pod and finalizer once its grace period is over; after `--drain-timeout` the node fails, still on its old network.",
  options: "Have the finalizer removed, and the drain goes on by itself; or roll the node back, or skip it.",
  begin: plants(deployment({ name: "archive", finalizers: ["example.com/archive"] })),
};
