import { parseCidr } from "../../net/cidr.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

const names = { vxlan: "VXLAN", "host-gw": "host routes", wireguard: "WireGuard", ipip: "IPIP" } as const;

/** Flannel over VXLAN is Cilium's own example; host-gw routes through the same tables. The rest nobody has reported on. */
export const sourceSupported: Check = {
  id: "source-supported",
  title: "The old CNI can be moved from",
  check({ source }) {
    const v6 = source.podCidrs.filter((text) => parseCidr(text)?.family === 6);
    if (v6.length > 0) {
      return blocker(
        `Flannel gives pods IPv6 addresses (${v6.join(", ")}), and this version moves IPv4 only: they would lose them`,
        "wait for a version that moves both families",
        v6,
      );
    }
    const found = `Flannel ${source.version || "of unknown version"} with ${names[source.backend]}`;
    if (source.backend === "vxlan" || source.backend === "host-gw") return ok(`${found} is supported`);
    return warning(
      `${found} should work, because its pods cross the host's routing table, but nobody has reported it beside Cilium`,
      "try it on a copy of the cluster first, and keep Cilium's encryption off until the end",
    );
  },
};
