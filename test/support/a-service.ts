import type { ServiceFacts } from "../../src/engine/model/cluster/service-facts.ts";

/** A Service of this cluster's pods, as the API fills it in. */
export const aService = (namespace: string, name: string, over: Partial<ServiceFacts> = {}): ServiceFacts => ({
  namespace,
  name,
  type: "ClusterIP",
  clusterIp: "10.96.0.50",
  ports: [80],
  selects: true,
  externalTrafficPolicy: "",
  internalTrafficPolicy: "Cluster",
  ...over,
});
