import { expect, test } from "vitest";
import type { PodFacts, PodNetwork } from "../../../src/engine/model/facts.ts";
import { classifyPod, type NetworkRanges } from "../../../src/engine/observe/pod-network.ts";
import { aNode, aPod } from "../../support/facts.ts";

const ranges: NetworkRanges = {
  ciliumNodes: [
    { name: "worker-1", podCidrs: ["10.245.1.0/24"], ciliumInternalIps: [], healthIp: null, error: "" },
    { name: "worker-2", podCidrs: ["fd00:245::/112"], ciliumInternalIps: [], healthIp: null, error: "" },
  ],
  endpoints: [
    { namespace: "default", name: "with-endpoint", ips: ["100.64.0.9"], state: "ready" },
    { namespace: "default", name: "stale-endpoint", ips: ["10.245.1.77"], state: "ready" },
  ],
  sourceCidrs: ["10.244.0.0/16"],
  nodes: [aNode("worker-1"), aNode("worker-2", { podCidrs: ["172.30.2.0/24"] })],
};

test.each<[string, PodNetwork, string, Partial<PodFacts>]>([
  ["on the host's network", "host", "a", { hostNetwork: true, ips: ["10.244.1.2"] }],
  ["finished", "unknown", "a", { phase: "Succeeded", ips: ["10.244.1.2"] }],
  ["failed", "unknown", "a", { phase: "Failed", ips: ["10.245.1.2"] }],
  ["without an address yet", "unknown", "a", { phase: "Pending", ips: [] }],
  ["with an endpoint of its own address", "cilium", "with-endpoint", { ips: ["100.64.0.9"] }],
  ["with an endpoint that a namesake left", "source", "stale-endpoint", { ips: ["10.244.1.2"] }],
  ["in the range of its CiliumNode", "cilium", "a", { ips: ["10.245.1.9"] }],
  ["in the range of another node's CiliumNode", "unknown", "a", { ips: ["10.245.1.9"], node: "worker-2" }],
  ["in an IPv6 range of its CiliumNode", "cilium", "a", { ips: ["10.9.9.9", "fd00:245::5"], node: "worker-2" }],
  ["in the source's range", "source", "a", { ips: ["10.244.200.1"] }],
  ["in its node's own podCIDR", "source", "a", { ips: ["172.30.2.9"], node: "worker-2" }],
  ["in another node's podCIDR", "unknown", "a", { ips: ["172.30.2.9"] }],
  ["of junk", "unknown", "a", { ips: ["not-an-address"] }],
])("a pod %s is %s", (...[, network, name, over]) => {
  expect(classifyPod(aPod("default", name, over), ranges)).toBe(network);
});

test("the whole pool counts where the node's own piece was not seen yet", () => {
  const pod = aPod("default", "a", { ips: ["10.245.9.9"] });
  expect(classifyPod(pod, { ...ranges, ciliumCidrs: ["10.245.0.0/16"] })).toBe("cilium");
  expect(classifyPod(pod, ranges)).toBe("unknown");
});
