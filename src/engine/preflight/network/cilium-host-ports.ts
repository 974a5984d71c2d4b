import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some } from "../check.ts";
import { isAlive } from "../workloads/movable.ts";

/** Cilium's pods share the host's network and open these on every node, in secondary mode too. */
const ciliumPorts: Readonly<Record<number, string>> = {
  4240: "health checks",
  4244: "Hubble",
  9234: "operator",
  9878: "Envoy health",
  9879: "agent health",
  9963: "operator metrics",
  9964: "Envoy metrics",
};

const ciliumOwn = (labels: Readonly<Record<string, string>>) =>
  labels["app.kubernetes.io/part-of"] === "cilium" ||
  labels["k8s-app"] === "cilium" ||
  labels["io.cilium/app"] === "operator";

/** A pod of a DaemonSet that holds the port keeps Cilium's from starting on every node. */
export const ciliumHostPorts: Check = {
  id: "cilium-host-ports",
  check({ members: facts, target }) {
    const wanted: Readonly<Record<number, string>> = { ...ciliumPorts, [target.tunnelPort]: "overlay" };
    const held = facts.pods
      .filter((pod) => isAlive(pod) && !ciliumOwn(pod.labels))
      .flatMap((pod) =>
        pod.hostPorts
          .filter((port) => port in wanted)
          .map((port) => `${fullName(pod)} holds ${port} (${wanted[port]})`),
      );
    if (held.length === 0) return ok("host-ports-free", { ports: Object.keys(wanted) });
    return blocker("host-ports-taken", some(held), held);
  },
};
