import { type Check, ok, warning } from "../check.ts";

const controlPlanes: Readonly<Record<string, string>> = {
  istiod: "Istio",
  ztunnel: "Istio's ambient mode",
  "linkerd-destination": "Linkerd",
  "kuma-control-plane": "Kuma",
  "consul-connect-injector": "Consul",
};

/** Between the two networks a connection's source address is a node's, and meshes may decide by it. */
export const serviceMesh: Check = {
  id: "service-mesh",
  title: "Service meshes",
  check({ facts }) {
    const found = [...new Set(facts.workloads.flatMap(({ name }) => controlPlanes[name] ?? []))];
    if (found.length === 0) return ok("No service mesh was recognised");
    return warning(
      `${found.join(" and ")} is installed: until the end, connections between the two networks arrive with a node's address`,
      "check rules of the mesh that match by address; after the first node look whether its pods still reach each other",
      found,
    );
  },
};
