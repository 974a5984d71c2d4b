import { parseCidr } from "../../net/cidr.ts";
import type { Source } from "../../sources/source.ts";
import { blocker, type Check } from "../check.ts";

/** The source's own word on how it is set up, where its addresses are of a family that is moved. */
export const sourceSupported = ({ support }: Pick<Source, "support">): Check => ({
  id: "source-supported",
  title: "Source CNI is supported",
  check({ source }) {
    const v6 = source.podCidrs.filter((text) => parseCidr(text)?.family === 6);
    if (v6.length > 0) {
      return blocker(
        `${source.name} gives pods IPv6 addresses (${v6.join(", ")}), and this version moves IPv4 only: they would lose them`,
        "wait for a version that moves both families",
        v6,
      );
    }
    return support(source);
  },
});
