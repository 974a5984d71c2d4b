import { expect, test } from "vitest";
import { judgeLeftovers } from "../../../src/engine/cleaning/judge-leftovers.ts";
import type { HostLeftovers, HostRoute } from "../../../src/engine/model/cluster/leftovers.ts";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import { nothingFound } from "../../support/a-host.ts";
import { aNode, aPod } from "../../support/facts.ts";

const nodes = [
  aNode("a", { internalIps: ["172.18.0.2"], podCidrs: ["10.244.1.0/24"] }),
  aNode("b", { internalIps: ["172.18.0.3"], podCidrs: ["10.244.2.0/24"] }),
];
const plugin = "/opt/cni/bin/flannel";

function judged(found: Partial<HostLeftovers>, pods: readonly PodFacts[] = [], whose: string | null = plugin) {
  const source = { podCidrs: ["10.244.0.0/16"], plugins: whose === null ? [] : [whose] };
  return judgeLeftovers({ ...nothingFound, ...found }, { source, pods, nodes });
}

test.each<[what: string, route: HostRoute, isSource: boolean]>([
  ["to a node's range by way of that node", { to: "10.244.2.0/24", via: "172.18.0.3" }, true],
  ["to the range of a node that is gone, by way of a node", { to: "10.244.9.0/24", via: "172.18.0.3" }, true],
  ["to a node's range by way of its other network card", { to: "10.244.2.0/24", via: "192.168.7.3" }, true],
  ["to all of the range", { to: "10.244.0.0/16", via: "172.18.0.3" }, false],
  ["to more than the range", { to: "10.0.0.0/8", via: "172.18.0.3" }, false],
  ["to a part of the range that is no node's, by way of a router", { to: "10.244.9.0/24", via: "172.18.0.1" }, false],
  ["to Cilium's range", { to: "10.245.2.0/24", via: "172.18.0.3" }, false],
  ["to a range next to it", { to: "10.243.2.0/24", via: "172.18.0.3" }, false],
  ["that says no range", { to: "default", via: "172.18.0.3" }, false],
])("a route %s", (_what, route, isSource) => {
  expect(judged({ routes: [route] }).remove.routes).toEqual(isSource ? [route] : []);
});

const cart = (over: Partial<PodFacts>) => aPod("shop", "cart", { ips: ["10.244.1.5"], ...over });

test.each<[what: string, pod: PodFacts, isUsed: boolean]>([
  ["a pod that runs", cart({}), true],
  ["a pod that is being deleted", cart({ terminatingAt: 1 }), true],
  ["a pod that has ended, whose status still says so", cart({ phase: "Succeeded" }), false],
  ["a pod that has failed", cart({ phase: "Failed" }), false],
  ["a pod of the node's own network", cart({ hostNetwork: true }), false],
  ["a pod with an address of Cilium", cart({ ips: ["10.245.1.5"] }), false],
])("a reserved address of %s", (_what, pod, isUsed) => {
  const { remove, stays } = judged({ reserved: ["10.244.1.5", "10.244.1.6"] }, [pod]);
  expect(remove.reserved).toEqual(isUsed ? ["10.244.1.6"] : ["10.244.1.5", "10.244.1.6"]);
  expect(stays).toEqual(isUsed ? ["reserved address 10.244.1.5: Pod shop/cart has it"] : []);
});

test("while a pod has an old address the plugin stays that tears it down, with all that it keeps", () => {
  const paths = ["/run/flannel", "/var/lib/cni/flannel", plugin];
  const { remove, stays } = judged({ paths }, [cart({})]);
  expect(remove.paths).toEqual([]);
  expect(stays).toEqual(paths.map((path) => `${path}: Pod shop/cart has an old address, and is torn down with it`));
  expect(judged({ paths }).remove.paths).toEqual(paths);
});

test("a plugin that no container of the source's put there is somebody else's", () => {
  const { remove, stays } = judged({ paths: ["/run/flannel", plugin] }, [], null);
  expect(remove.paths).toEqual(["/run/flannel"]);
  expect(stays).toEqual([`${plugin}: no container of the old CNI put it there`]);
});

test("blackholes outside the old ranges are somebody else's", () => {
  const blackholes = ["10.244.1.0/26", "10.245.1.0/26", "10.0.0.0/8"];
  expect(judged({ blackholes }).remove.blackholes).toEqual(["10.244.1.0/26"]);
});
