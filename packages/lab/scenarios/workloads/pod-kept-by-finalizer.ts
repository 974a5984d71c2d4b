import type { Scenario } from "../scenario.ts";
import { deployment, plants } from "./odd-pods.ts";

/** Whoever set the finalizer was uninstalled meanwhile. */
export const podKeptByFinalizer: Scenario = {
  name: "pod-kept-by-finalizer",
  summary: "a pod on worker-1 has a finalizer that nobody takes away, so it stays Terminating",
  answer:
    "Warns before the run; holds the drain, naming pod and finalizer once its grace period is over; after `--drain-timeout` the node fails, still on its old network.",
  options: "Have the finalizer taken away, and the drain goes on by itself; or undo the node, or skip it.",
  begin: plants(deployment({ name: "archive", finalizers: ["example.com/archive"] })),
};
