import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";

/**
 * Pods behind a headless Service speak to each other by pod address, and across the two networks the answerer sees a node's:
 * gossip and cluster buses that know their peers by address take a member for a stranger.
 */
export const clientAddresses: Check = {
  id: "client-addresses",
  check({ facts, target }) {
    const headless = facts.services.filter(
      ({ namespace, name, clusterIp, selects }) =>
        clusterIp === "None" && selects && !(namespace === target.namespace && /^(hubble|cilium)-/.test(name)),
    );
    const found = headless.map(fullName).toSorted();
    return found.length === 0 ? ok() : warning("headless-services-found", some(found), found);
  },
};
