import { expect, test } from "vitest";
import { networkMtu } from "../../../src/engine/plan/network-mtu.ts";

const tunnel = (protocol: "vxlan" | "wireguard" | "ipip") => ({ protocol, port: null, vni: null });

test.each([
  ["a tunnel's bytes are added to what pods have", 1_350, [tunnel("vxlan")], 1_400],
  ["the widest of several counts", 1_350, [tunnel("ipip"), tunnel("wireguard")], 1_430],
  ["nothing is taken where nodes route", 1_500, [], 1_500],
  ["what nobody set is not known", 0, [tunnel("vxlan")], null],
] as const)("%s", (_what, mtu, encapsulations, network) => {
  expect(networkMtu({ mtu, encapsulations })).toBe(network);
});
