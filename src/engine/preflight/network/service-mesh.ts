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
  check({ facts }) {
    const found = [...new Set(facts.workloads.flatMap(({ name }) => controlPlanes[name] ?? []))];
    return found.length === 0 ? ok() : warning("service-meshes", { names: found }, found);
  },
};
