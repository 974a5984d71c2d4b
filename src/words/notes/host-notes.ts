import { counted, someOf } from "../../engine/model/some-of.ts";
import type { NoteSayersOf } from "./note-sayers.ts";

/** What the nodes' own network told before anything was installed. */
export const hostNotes: NoteSayersOf<
  | "card-mtu"
  | "card-mtus-differ"
  | "card-mtus-covered"
  | "rp-filter-strict"
  | "forwarding-off"
  | "hosts-not-told"
  | "tunnel-port-open"
  | "tunnel-not-tried"
> = {
  "card-mtu": ({ mtu }) => `the network cards of all nodes have MTU ${mtu}`,
  "card-mtus-differ": ({ least, most, nodes }) =>
    `the network card of ${someOf(nodes, 5)} has MTU ${least}, others up to ${most}: Cilium takes each node's own, so large packets to these nodes may be lost; set MTU: ${least} in your values file`,
  "card-mtus-covered": ({ least, most, mtu }) =>
    `the network cards have MTUs from ${least} to ${most}; the values set ${mtu}, which each carries`,
  "rp-filter-strict": ({ nodes, more }) =>
    `net.ipv4.conf.all.rp_filter is 1 on ${someOf(nodes, 5, more)}: Cilium sets it to 0, and whatever sets it back (a file in /etc/sysctl.d, configuration management) cuts its pods off; set it to 0 there`,
  "forwarding-off": ({ nodes, more }) =>
    `net.ipv4.ip_forward is 0 on ${someOf(nodes, 5, more)}: nothing is forwarded to pods there; set it to 1 in /etc/sysctl.d`,
  "hosts-not-told": ({ nodes, more }) =>
    `MTU, sysctls or kernel modules of ${someOf(nodes, 5, more)} could not be read, so they are not known to be fit for Cilium`,
  "tunnel-port-open": ({ port, bytes, nodes }) =>
    `UDP ${port} passes between the nodes in packets of ${bytes} bytes (tried from ${counted(nodes, "node")})`,
  "tunnel-not-tried": ({ port, nodes, more }) =>
    `UDP ${port} could not be tried from ${someOf(nodes, 5, more)}: the step verify-install tries the tunnel itself, before any node is migrated`,
};
