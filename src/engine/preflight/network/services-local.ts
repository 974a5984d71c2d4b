import type { ServiceFacts } from "../../model/cluster/service-facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, type CheckInput, ok, some, warning } from "../check.ts";

const named = (services: readonly ServiceFacts[]) => services.map(fullName).toSorted();

/** Cilium's own, which only its agents ask, each its own node's. */
const isOwn = ({ namespace, name }: ServiceFacts, { target }: CheckInput) =>
  namespace === target.namespace && /^(hubble|cilium)-/.test(name);

/** Their client addresses stay, for kube-proxy changes none; but a drained node runs none of their pods, and drops what comes to it. */
export const servicesExternalLocal: Check = {
  id: "services-external-local",
  check({ facts }) {
    const found = named(facts.services.filter(({ externalTrafficPolicy }) => externalTrafficPolicy === "Local"));
    return found.length === 0 ? ok() : warning("services-external-local-found", some(found), found);
  },
};

/** A client on a node without an endpoint of its own is refused: so it is on each node while its pods are away. */
export const servicesInternalLocal: Check = {
  id: "services-internal-local",
  check(input) {
    const local = input.facts.services.filter(({ internalTrafficPolicy }) => internalTrafficPolicy === "Local");
    const found = named(local.filter((service) => !isOwn(service, input)));
    return found.length === 0 ? ok() : warning("services-internal-local-found", some(found), found);
  },
};
