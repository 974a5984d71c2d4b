import { parseCidr } from "../../net/cidr.ts";
import type { Source } from "../../sources/source.ts";
import { blocker, type Check } from "../check.ts";

/** The source's own word on how it is set up, where its addresses are of a family that is moved. */
export const sourceSupported = ({ support }: Pick<Source, "support">): Check => ({
  id: "source-supported",
  check({ source }) {
    const v6 = source.podCidrs.filter((text) => parseCidr(text)?.family === 6);
    if (v6.length > 0) return blocker("source-has-ipv6", { source: source.name, cidrs: v6 }, v6);
    return support(source);
  },
});
