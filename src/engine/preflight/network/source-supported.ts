import { parseAddress, parseCidr } from "../../net/cidr.ts";
import type { Source } from "../../sources/source.ts";
import { blocker, type Check, type CheckInput } from "../check.ts";

/** Ranges of the source's, else addresses that pods have all the same: of a pool that is gone, or that it does not tell of. */
function ipv6Of({ source, facts }: Pick<CheckInput, "source" | "facts">): readonly string[] {
  const ranges = source.podCidrs.filter((text) => parseCidr(text)?.family === 6);
  if (ranges.length > 0) return ranges;
  const onPodNetwork = facts.pods.filter(({ hostNetwork }) => !hostNetwork);
  return onPodNetwork.flatMap(({ ips }) => ips.filter((ip) => parseAddress(ip)?.family === 6)).slice(0, 3);
}

/** The source's own word on how it is set up, where its addresses are of a family that is moved. */
export const sourceSupported = ({ support }: Pick<Source, "support">): Check => ({
  id: "source-supported",
  check({ source, facts }) {
    const cidrs = ipv6Of({ source, facts });
    return cidrs.length > 0 ? blocker("source-has-ipv6", { source: source.name, cidrs }, cidrs) : support(source);
  },
});
