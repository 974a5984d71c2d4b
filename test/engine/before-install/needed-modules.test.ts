import { expect, test } from "vitest";
import { neededModules } from "../../../src/engine/before-install/needed-modules.ts";

const rules = "nft_compat or iptable_nat";

test.each([
  ["vxlan", "6.8.0-45-generic", ["vxlan", rules]],
  ["geneve", "6.6.0", ["geneve", rules]],
  ["vxlan", "5.15.0-101-generic", ["vxlan", "cls_bpf", "sch_ingress", rules]],
  ["vxlan", "of somebody's own", ["vxlan", "cls_bpf", "sch_ingress", rules]],
] as const)("%s on Linux %s", (tunnelProtocol, kernel, needed) => {
  expect(neededModules({ tunnelProtocol }, kernel)).toEqual(needed);
});
