import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";
import { isAlive } from "../workloads/movable.ts";

/** Most conflists have portmap, Cilium's has not: without kube-proxy's replacement nobody serves a hostPort (cilium#38083). */
export const podHostPorts: Check = {
  id: "pod-host-ports",
  title: "Pods with hostPorts",
  check({ moving: facts }) {
    const pods = facts.pods.filter((pod) => isAlive(pod) && !pod.hostNetwork && pod.hostPorts.length > 0);
    if (pods.length === 0) return ok("No pod with an address of its own has a hostPort");
    const lines = pods.map((pod) => `${fullName(pod)} (${pod.hostPorts.join(", ")})`);
    return warning(
      `${counted(pods.length, "pod")} ${pods.length === 1 ? "loses its" : "lose their"} hostPort on a node that is on Cilium: ${someOf(lines)}`,
      "serve these ports by a NodePort Service or hostNetwork before the move; kube-proxy's replacement brings hostPort back afterwards",
      lines,
    );
  },
};
