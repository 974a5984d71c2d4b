import type { Scenario } from "../scenario.ts";
import { deployment, plants } from "./odd-pods.ts";

/** A shell as pid 1 that traps the signal: it is killed once its grace period is over. */
export const podIgnoresSigterm: Scenario = {
  name: "pod-ignores-sigterm",
  summary: "a pod on worker-1 ignores SIGTERM and has a grace period of five minutes",
  answer: "Waits for as long as the pod may take, and says so; the kubelet kills it then, and the node moves on.",
  options: "Wait; or end the pod at once with kubectl delete pod --grace-period=1, if its owner agrees.",
  begin: plants(
    deployment({
      name: "stubborn",
      spec: { terminationGracePeriodSeconds: 300 },
      container: { command: ["sh", "-c", "trap '' TERM; sleep infinity"] },
    }),
  ),
};
