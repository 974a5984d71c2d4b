import type { PodObject } from "../../cni/kinds.ts";
import type { CiliumLab } from "./cilium-lab.ts";

/** Pods with a network of their own. */
export const sandboxes = (world: CiliumLab) =>
  world.lab.store.list<PodObject>("pods").filter(({ spec }) => !spec.hostNetwork);

/** Every pair of pods that does not reach each other, with why. */
export function broken(world: CiliumLab): string[] {
  const pods = sandboxes(world).filter(({ spec }) => spec.containers.some(({ ports }) => ports?.[0]));
  return pods.flatMap((from) =>
    pods.flatMap((to) => {
      const port = to.spec.containers.flatMap(({ ports }) => ports ?? [])[0];
      if (!port) return [];
      const protocol = (port.protocol ?? "TCP").toLowerCase() as "tcp" | "udp";
      const reach = world.lab.network.fromPod(from, { ip: to.status?.podIP ?? "", port: port.containerPort, protocol });
      return reach.ok ? [] : [`${from.metadata.name} to ${to.metadata.name}: ${reach.reason}`];
    }),
  );
}
