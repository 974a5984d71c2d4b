import type { Encapsulation, SourceFacts } from "../model/plan-types.ts";

/** What each encapsulation takes of a packet over IPv4, in bytes. */
const overhead: Readonly<Record<Encapsulation["protocol"], number>> = {
  vxlan: 50,
  geneve: 50,
  wireguard: 80,
  ipip: 20,
};

/** What the source's own takes. */
export const overheadOf = ({ encapsulations }: Pick<SourceFacts, "encapsulations">): number =>
  Math.max(0, ...encapsulations.map(({ protocol }) => overhead[protocol]));

/** What the network is believed to carry, by whoever set the source's MTU by hand; null where nobody did. */
export const networkMtu = (source: Pick<SourceFacts, "encapsulations" | "mtu">): number | null =>
  source.mtu > 0 ? source.mtu + overheadOf(source) : null;
