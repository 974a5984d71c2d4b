import type { Encapsulation, SourceFacts } from "../../model/plan-types.ts";
import { valueAt } from "../../values/merge.ts";
import { type Check, ok, warning } from "../check.ts";

/** What each encapsulation takes of a packet over IPv4, in bytes. */
const overhead: Readonly<Record<Encapsulation["protocol"], number>> = {
  vxlan: 50,
  geneve: 50,
  wireguard: 80,
  ipip: 20,
};
const ciliumOverhead = 50;

const overheadOf = ({ encapsulations }: SourceFacts) =>
  Math.max(0, ...encapsulations.map(({ protocol }) => overhead[protocol]));

/** Packets that are too large vanish in silence: small answers pass, large ones hang. */
export const mtu: Check = {
  id: "mtu",
  title: "MTU",
  check({ source, options }) {
    const given = valueAt(options.userValues ?? {}, "MTU");
    if (typeof given === "number" && given > 0) return ok(`Your values file sets MTU ${given}`);
    if (source.mtu > 0) {
      const network = source.mtu + overheadOf(source);
      return warning(
        `${source.name}'s MTU was set by hand to ${source.mtu}; Cilium finds its own from the nodes' devices, and may find a larger one`,
        `put MTU: ${network} (the network's, not the pods') in a values file given with --helm-values`,
      );
    }
    const less = ciliumOverhead - overheadOf(source);
    if (less <= 0) return ok("Pods keep the packet size that they have, or get a larger one");
    return warning(
      `Cilium's overlay takes ${less} bytes more of each packet than ${source.name}'s ${source.mode}, so pods get a smaller MTU`,
      "nothing, unless something in the cluster relies on a fixed packet size",
    );
  },
};
