import { unwire, wireToBridge } from "../../../cni/bridge-wire.ts";
import { ensureJump } from "../../../cni/chains.ts";
import type { CniDriver } from "../../../cni/cni-driver.ts";
import { requireBinary } from "../../../cni/disk.ts";
import { giveBack, reserveAddress } from "../../../cni/host-local.ts";
import { internalAddress, type NodeObject } from "../../../cni/kinds.ts";
import { ProjectedWatch } from "../../../cni/projected-watch.ts";
import type { Machine } from "../../../machine.ts";
import { nthAddress, parseCidr } from "../../../network/cidr.ts";
import type { KubeObject } from "../../../objects.ts";
import { type CniPlugin, type ContainerContext, type Program, ProgramExit } from "../../../program.ts";
import { bridgeManifest, range } from "./bridge-manifest.ts";

const network = "pods";

/** A node's range and address, once it has both. */
const neighbours = new ProjectedWatch<{ readonly podCidr: string; readonly ip: string }>("nodes", (object) => {
  const node = object as NodeObject;
  const ip = internalAddress(node);
  return node.spec.podCIDR && ip ? { podCidr: node.spec.podCIDR, ip } : null;
});

const containerOf = ({ metadata }: KubeObject): string => metadata.uid ?? metadata.name;

/** Plugin `bridge` of the node's image, with `host-local`. */
const plugin: CniPlugin = {
  type: "bridge",
  add(machine, pod, conf) {
    requireBinary(machine, "bridge");
    const { plugins } = conf as { readonly plugins: readonly { readonly ipam: { readonly subnet: string } }[] };
    const subnet = plugins[0]?.ipam.subnet ?? "";
    const ip = reserveAddress(machine, { network, subnet }, containerOf(pod));
    const gateway = `${nthAddress(subnet, 1)}/${parseCidr(subnet).bits}`;
    wireToBridge(machine, { name: "br-pods", owner: "bridge", subnet: gateway }, ip);
    return ip;
  },
  del(machine, pod, address) {
    if (giveBack(machine, network, address, containerOf(pod))) unwire(machine, address);
  },
};

/** The init container: writes the configuration for this node's range at every start. */
const installConf: Program = {
  name: "bridge install-conf",
  matches: (image, container) => /\/bridge-cni:/.test(image) && container === "install-conf",
  async runToEnd({ argv, machine, store }) {
    const subnet = store.get<NodeObject>("nodes", null, machine.name)?.spec.podCIDR;
    if (!subnet) throw new ProgramExit(1, `node ${machine.name} has no podCIDR`);
    const first = { type: "bridge", bridge: "br-pods", isGateway: true, ipam: { type: "host-local", subnet } };
    const plugins = [first, { type: "portmap", capabilities: { portMappings: true } }];
    machine.disk.set(argv.at(-1) ?? "", JSON.stringify({ cniVersion: "1.0.0", name: network, plugins }));
  },
};

/** Masquerades what leaves the cluster's range, as ip-masq-agent does. */
function ensureMasquerade(machine: Machine): void {
  ensureJump(machine, { from: "nat/POSTROUTING", to: "BRIDGE-MASQ", comment: "bridge masq", place: "last" });
  machine.chains.set("nat/BRIDGE-MASQ", [
    `-A BRIDGE-MASQ -s ${range} -d ${range} -j RETURN`,
    `-A BRIDGE-MASQ -s ${range} ! -d 224.0.0.0/4 -j MASQUERADE`,
  ]);
}

/** The daemon: a static route to every other node's range, by way of that node. What it makes stays when it stops. */
function keepRoutes({ machine, store }: ContainerContext): () => void {
  ensureMasquerade(machine);
  return neighbours.subscribe(store, (name, node) => {
    if (machine.up && node && name !== machine.name) machine.routes.set(node.podCidr, node.ip);
  });
}

const routes: Program = {
  name: "bridge routes",
  matches: (image, container) => /\/bridge-cni:/.test(image) && container === "routes",
  start(context) {
    const stop = keepRoutes(context);
    return { ready: () => true, stop };
  },
};

/** The plugin `bridge` with static routes between nodes, as kubenet and many clouds have it: no overlay, no state of its own. */
export const bridgeDriver: CniDriver = {
  name: "bridge",
  backends: ["static-routes"],
  manifest: bridgeManifest,
  programs: () => [installConf, routes],
  plugin: () => plugin,
  daemonSet: { namespace: "kube-system", name: "bridge-cni" },
};
