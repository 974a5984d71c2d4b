import { expect, test } from "vitest";
import { type AddressedEnd, targetsOf } from "../../../../src/engine/probes/measured/targets-of.ts";
import { targetsText } from "../../../../src/kube/prober/targets-text.ts";

const end = (node: string, network: AddressedEnd["network"], mtu: number | null): AddressedEnd => ({
  node,
  network,
  zone: "",
  ip: `10.0.0.${node.length}`,
  mtu,
});
const asker = end("a", "source", 1_450);
const ends = new Map([end("bb", "cilium", 1_400), end("ccc", "source", null)].map((one) => [one.node, one]));
const dns = {
  path: "dns",
  target: { id: "dns", kind: "dns", ip: "10.96.0.10", port: 53, sizeBytes: 0, name: "kubernetes.default.svc" },
} as const;

test("steady peers are asked in all ways, those that take turns with small and full-size datagrams", () => {
  const peers = [
    { node: "bb", because: "neighbour" },
    { node: "ccc", because: "turn" },
    { node: "gone", because: "turn" },
  ] as const;
  const { flows, targets } = targetsOf(asker, peers, ends, { port: 8_080, everyMs: 200, common: [dns] });
  expect(targetsText("7", targets).split("\n")).toEqual([
    "gen 7",
    "udp udp/bb 10.0.0.2 8080",
    "udp udp-1400/bb 10.0.0.2 8080 size=1400",
    // The smaller of the two MTUs.
    "udp udp-full/bb 10.0.0.2 8080 size=1400",
    "tcp tcp/bb 10.0.0.2 8080 size=4000",
    "hold hold/bb 10.0.0.2 8080",
    "udp udp/ccc 10.0.0.3 8080",
    "dns dns 10.96.0.10 53 name=kubernetes.default.svc",
    "",
  ]);
  expect(flows.map(({ id, path, to }) => [id, path, to]).slice(4)).toEqual([
    ["hold/bb", "source-to-cilium", "bb"],
    ["udp/ccc", "source-to-source", "ccc"],
    ["dns", "dns", null],
  ]);
});
