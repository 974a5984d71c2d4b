import type { CiliumEndpointFacts, CiliumNodeConfigFacts, CiliumNodeFacts } from "../../engine/model/facts.ts";
import { at, list, text, textMap, texts } from "../objects/read.ts";

/** A CiliumNode as the engine knows it. */
export function ciliumNodeFacts(node: unknown): CiliumNodeFacts {
  const health = text(at(node, "spec", "health", "ipv4"));
  return {
    name: text(at(node, "metadata", "name")),
    podCidrs: texts(at(node, "spec", "ipam", "podCIDRs")),
    ciliumInternalIps: list(at(node, "spec", "addresses"))
      .filter((address) => at(address, "type") === "CiliumInternalIP")
      .map((address) => text(at(address, "ip"))),
    healthIp: health === "" ? null : health,
    error: text(at(node, "status", "ipam", "operator-status", "error")),
  };
}

/** A CiliumEndpoint as the engine knows it. */
export function ciliumEndpointFacts(endpoint: unknown): CiliumEndpointFacts {
  const ips = list(at(endpoint, "status", "networking", "addressing")).flatMap((pair) => [
    text(at(pair, "ipv4")),
    text(at(pair, "ipv6")),
  ]);
  return {
    namespace: text(at(endpoint, "metadata", "namespace")),
    name: text(at(endpoint, "metadata", "name")),
    ips: ips.filter((ip) => ip !== ""),
    state: text(at(endpoint, "status", "state")),
  };
}

/** A CiliumNodeConfig as the engine knows it. */
export function ciliumNodeConfigFacts(config: unknown): CiliumNodeConfigFacts {
  return {
    apiVersion: text(at(config, "apiVersion")),
    namespace: text(at(config, "metadata", "namespace")),
    name: text(at(config, "metadata", "name")),
    matchLabels: textMap(at(config, "spec", "nodeSelector", "matchLabels")),
    defaults: textMap(at(config, "spec", "defaults")),
  };
}
