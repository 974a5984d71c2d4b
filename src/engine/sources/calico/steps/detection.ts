import { overlaps, parseCidr } from "../../../net/cidr.ts";

/** By which calico-node is told how to find its node's address. */
export const detectionVariable = "IP_AUTODETECTION_METHOD";
/** Takes what the Node object says, whatever links there are. */
export const byInternalIp = "kubernetes-internal-ip";

/** The one link of Cilium's that has an address: first-found walks links newest first, and does not pass over it. */
const ciliumLink = "cilium_host";

/** Upstream's expressions are not anchored; one that is of another dialect than ours counts as fitting. */
function fits(expression: string): boolean {
  try {
    return new RegExp(expression).test(ciliumLink);
  } catch {
    return true;
  }
}

/** Whether detection by this method could take Cilium's own link for the node's address; `podCidr` is Cilium's range, null where it is not chosen yet. */
export function couldTakeCilium(method: string, podCidr: string | null): boolean {
  const at = method.indexOf("=");
  const [kind, value] = at < 0 ? [method, ""] : [method.slice(0, at), method.slice(at + 1)];
  const listed = value.split(",").map((one) => one.trim());
  switch (kind) {
    case byInternalIp:
    case "can-reach":
      return false;
    case "interface":
      return listed.some(fits);
    case "skip-interface":
      return !listed.some((one) => one !== "" && fits(one));
    case "cidr": {
      const pods = podCidr === null ? null : parseCidr(podCidr);
      return listed.some((one) => {
        const range = parseCidr(one);
        return pods === null || range === null || overlaps(range, pods);
      });
    }
    default:
      return true;
  }
}
