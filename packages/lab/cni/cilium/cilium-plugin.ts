import type { LabClock } from "../../clock.ts";
import type { Machine } from "../../machine.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { CniPlugin } from "../../program.ts";
import type { Random } from "../../random.ts";
import { requireBinary } from "../disk.ts";
import type { CiliumNodeObject } from "../kinds.ts";
import { sandboxLink } from "../sandbox-link.ts";
import { ciliumNodes } from "./agent-node.ts";
import { agentSocket, clearPending, datapathOf, markPending } from "./datapath.ts";
import { type EndpointSeed, identityOf, publishEndpoint } from "./endpoints.ts";
import { allocate, release } from "./ipam.ts";
import { inGap } from "./readiness-gap.ts";

export interface CiliumPluginWorld {
  readonly store: Store;
  readonly clock: LabClock;
  readonly random: Random;
}

const failed = 'plugin type="cilium-cni" name="cilium" failed (add)';

/** Plugin `cilium-cni`: the agent on the node does the work, so without it no sandbox is made. */
export function ciliumPlugin({ store, clock, random }: CiliumPluginWorld): CniPlugin {
  return {
    type: "cilium-cni",
    add(machine, pod) {
      requireBinary(machine, "cilium-cni");
      if (!machine.disk.has(agentSocket)) {
        throw new Error(
          `${failed}: unable to connect to Cilium agent: dial unix /var/run/cilium/cilium.sock: connect: no such file or directory`,
        );
      }
      const ip = takeAddress(store, machine, pod);
      const name = sandboxLink("lxc", ip);
      machine.links.set(name, { name, kind: "veth", address: null, owner: "cilium" });
      if (inGap(machine) || !datapathOf(machine)) markPending(machine, ip);
      const seed: EndpointSeed = {
        id: random.between(10, 4095),
        identity: identityOf(store, pod),
        ip,
        nodeIp: machine.ip,
      };
      publishEndpoint(store, pod, seed, "waiting-for-identity");
      clock.after(random.between(200, 900), () => {
        if (machine.links.has(name)) publishEndpoint(store, pod, seed, "ready");
      });
      return ip;
    },
    del(machine, pod, address) {
      if (release(machine, address, ownerOf(pod))) {
        machine.links.delete(sandboxLink("lxc", address));
        clearPending(machine, address);
      }
      const namespace = pod.metadata.namespace ?? "default";
      const endpoint = store.get("cilium.io/ciliumendpoints", namespace, pod.metadata.name);
      if (endpoint && endpoint.metadata.ownerReferences?.[0]?.uid === pod.metadata.uid) {
        store.delete("cilium.io/ciliumendpoints", namespace, pod.metadata.name);
      }
    },
  };
}

function takeAddress(store: Store, machine: Machine, pod: KubeObject): string {
  const node = store.get<CiliumNodeObject>(ciliumNodes, null, machine.name);
  const podCidrs = node?.spec.ipam?.podCIDRs ?? [];
  const router = node?.spec.addresses?.find(({ type }) => type === "CiliumInternalIP")?.ip;
  const reserved = [router, node?.spec.health?.ipv4].filter((ip) => ip !== undefined);
  return allocate(machine, { podCidrs, reserved }, ownerOf(pod));
}

function ownerOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? "default"}/${metadata.name} ${metadata.uid ?? ""}`;
}
