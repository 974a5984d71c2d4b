import type { Machine } from "../../machine.ts";
import { bareAddress, inCidr } from "../../network/cidr.ts";
import { outAddress } from "../../network/masquerade.ts";
import type { Store } from "../../objects.ts";
import { internalAddress, type NodeObject } from "../kinds.ts";

/** The address by which a node is known to the others, with its prefix, and the link that bears it. */
export interface NodeAddress {
  readonly address: string;
  readonly link: string;
}

/** Links that first-found passes over: upstream's list, which knows no other overlay than these. */
const passedOver =
  /^(docker|cbr|dummy|podman|virbr|lxcbr|veth|lo$|br-|cali|tunl|flannel|kube-ipvs|cni|vxlan[.-]calico|vxlan-v6[.-]calico|wireguard[.]cali|wg-v6[.]cali|nodelocaldns)/;

/** What IP_AUTODETECTION_METHOD finds at this moment; null where it finds nothing. */
export function detect(store: Store, machine: Machine, method: string): NodeAddress | null {
  const [name = "", value = ""] = split(method);
  const listed = value.split(",").map((each) => each.trim());
  if (name === "kubernetes-internal-ip") {
    const node = store.get<NodeObject>("nodes", null, machine.name);
    return bearing(machine, (node && internalAddress(node)) ?? "");
  }
  if (name === "can-reach") return bearing(machine, outAddress(machine, value));
  if (name === "interface") return firstOf(machine, (link) => listed.some((each) => matches(link.link, each)));
  if (name === "cidr")
    return firstOf(machine, ({ address }) => listed.some((each) => inCidr(bareAddress(address), each)));
  const skipped = name === "skip-interface" ? listed : [];
  return firstOf(machine, ({ link }) => !passedOver.test(link) && !skipped.some((each) => matches(link, each)));
}

function split(method: string): readonly string[] {
  const at = method.indexOf("=");
  return at < 0 ? [method] : [method.slice(0, at), method.slice(at + 1)];
}

/** Upstream's regular expressions are not anchored. */
function matches(link: string, expression: string): boolean {
  try {
    return new RegExp(expression).test(link);
  } catch {
    return false;
  }
}

/** The newest link comes first. */
function firstOf(machine: Machine, fits: (found: NodeAddress) => boolean): NodeAddress | null {
  return candidates(machine).findLast(fits) ?? null;
}

function bearing(machine: Machine, ip: string): NodeAddress | null {
  return candidates(machine).find(({ address }) => bareAddress(address) === ip) ?? null;
}

function candidates({ links }: Machine): NodeAddress[] {
  return [...links.values()].flatMap(({ name, address }) => (address === null ? [] : [{ address, link: name }]));
}
