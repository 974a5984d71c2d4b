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
  check({ source, options }) {
    const given = valueAt(options.userValues ?? {}, "MTU");
    if (typeof given === "number" && given > 0) return ok("mtu-given", { mtu: given });
    const { name, mode } = source;
    if (source.mtu > 0) {
      const network = source.mtu + overheadOf(source);
      return warning("mtu-set-by-hand", { source: name, mtu: source.mtu, network });
    }
    const bytes = ciliumOverhead - overheadOf(source);
    if (bytes > 0) return warning("mtu-smaller", { source: name, mode, bytes });
    return source.encapsulations.length === 0
      ? ok()
      : ok("mtu-smaller-meanwhile", { source: name, bytes: ciliumOverhead });
  },
};
