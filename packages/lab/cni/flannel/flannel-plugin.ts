import type { Machine } from "../../machine.ts";
import type { KubeObject } from "../../objects.ts";
import type { CniPlugin } from "../../program.ts";
import { unwire, wireToBridge } from "../bridge-wire.ts";
import { requireBinary } from "../disk.ts";
import { giveBack, reserveAddress } from "../host-local.ts";

/** Name of the network in the configuration. */
const network = "cbr0";
const subnetFile = "/run/flannel/subnet.env";
/** What the plugin told its delegate for each container, kept until the container is torn down. */
const delegateFile = (container: string) => `/var/lib/cni/flannel/${container}`;

/** Plugin `flannel` with its delegates `bridge` and `host-local`. */
export const flannelPlugin: CniPlugin = {
  type: "flannel",
  add(machine, pod) {
    requireBinary(machine, "flannel");
    const subnet = subnetOf(machine);
    const ip = reserveAddress(machine, { network, subnet }, containerOf(pod));
    const delegate = { name: network, type: "bridge", ipam: { type: "host-local", subnet } };
    machine.disk.set(delegateFile(containerOf(pod)), JSON.stringify(delegate));
    wireToBridge(machine, { name: "cni0", owner: "flannel", subnet }, ip);
    return ip;
  },
  del(machine, pod, address) {
    machine.disk.delete(delegateFile(containerOf(pod)));
    if (giveBack(machine, network, address, containerOf(pod))) unwire(machine, address);
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
