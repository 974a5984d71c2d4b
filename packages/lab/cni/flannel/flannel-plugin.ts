import type { Machine } from "../../machine.ts";
import { bareAddress, nthAddress, parseCidr } from "../../network/cidr.ts";
import type { KubeObject } from "../../objects.ts";
import type { CniPlugin } from "../../program.ts";
import { requireBinary } from "../disk.ts";
import { sandboxLink } from "../sandbox-link.ts";
import { giveBack, reserveAddress } from "./host-local.ts";

const subnetFile = "/run/flannel/subnet.env";
/** What the plugin told its delegate for each container, kept until the container is torn down. */
const delegateFile = (container: string) => `/var/lib/cni/flannel/${container}`;

/** Plugin `flannel` with its delegates `bridge` and `host-local`. */
export const flannelPlugin: CniPlugin = {
  type: "flannel",
  add(machine, pod) {
    requireBinary(machine, "flannel");
    const subnet = subnetOf(machine);
    const ip = reserveAddress(machine, subnet, containerOf(pod));
    const delegate = { name: "cbr0", type: "bridge", ipam: { type: "host-local", subnet } };
    machine.disk.set(delegateFile(containerOf(pod)), JSON.stringify(delegate));
    ensureBridge(machine, subnet);
    const name = sandboxLink("flannel", ip);
    machine.links.set(name, { name, kind: "veth", address: null, owner: "flannel" });
    return ip;
  },
  del(machine, pod, address) {
    machine.disk.delete(delegateFile(containerOf(pod)));
    if (giveBack(machine, address, containerOf(pod))) machine.links.delete(sandboxLink("flannel", address));
  },
};

/** The sandbox's, by which host-local and the plugin know whose an entry is. */
const containerOf = ({ metadata }: KubeObject): string => metadata.uid ?? metadata.name;

function subnetOf(machine: Machine): string {
  const text = machine.disk.get(subnetFile);
  if (text === undefined) {
    throw new Error(
      `plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open ${subnetFile}: no such file or directory`,
    );
  }
  const subnet = /^FLANNEL_SUBNET=(\S+)$/m.exec(text)?.[1];
  if (!subnet) throw new Error(`plugin type="flannel" failed (add): ${subnetFile} is missing FLANNEL_SUBNET`);
  return subnet;
}

/** The bridge appears with the first sandbox after a boot. */
function ensureBridge(machine: Machine, subnet: string): void {
  if (machine.links.has("cni0")) return;
  const range = `${nthAddress(subnet, 0)}/${parseCidr(subnet).bits}`;
  machine.links.set("cni0", {
    name: "cni0",
    kind: "bridge",
    address: `${bareAddress(subnet)}/${parseCidr(subnet).bits}`,
    owner: "flannel",
  });
  machine.routes.set(range, "cni0");
}
