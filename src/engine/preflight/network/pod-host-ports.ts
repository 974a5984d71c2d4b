import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";
import { isAlive } from "../workloads/movable.ts";

/** Most conflists have portmap, Cilium's has not: without kube-proxy's replacement nobody serves a hostPort (cilium#38083). */
export const podHostPorts: Check = {
  id: "pod-host-ports",
  check({ moving: facts }) {
    const pods = facts.pods.filter((pod) => isAlive(pod) && !pod.hostNetwork && pod.hostPorts.length > 0);
    const lines = pods.map((pod) => `${fullName(pod)} (${pod.hostPorts.join(", ")})`);
    return lines.length === 0 ? ok() : warning("pods-with-host-port", some(lines), lines);
  },
};
