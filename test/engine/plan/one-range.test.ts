import { expect, test } from "vitest";
import { parseCidr } from "../../../src/engine/net/cidr.ts";
import { oneRange } from "../../../src/engine/plan/one-range.ts";
import { pickPodCidrBeside } from "../../../src/engine/plan/pick-cidr.ts";
import type { UsedRange } from "../../../src/engine/plan/ranges.ts";
import { softValues } from "../../../src/engine/values/values.ts";
import { aSource } from "../../support/a-source.ts";
import { aPlan } from "../../support/panel/a-plan.ts";

const on = (...podCidrs: readonly string[]) => ({ ...aSource, enforcesPolicies: true, podCidrs });

function used(text: string, guess = false): UsedRange {
  const range = parseCidr(text);
  if (!range) throw new Error(text);
  return { range, text, what: "somebody", guess };
}

test.each<[string, readonly string[], UsedRange[], readonly [string, string] | null]>([
  ["the other half of a /15", ["10.244.0.0/16"], [], ["10.245.0.0/16", "10.244.0.0/15"]],
  ["that one is in use", ["10.244.0.0/16"], [used("10.245.3.0/24")], null],
  ["it is only guessed to be", ["10.244.0.0/16"], [used("10.245.0.0/16", true)], ["10.245.0.0/16", "10.244.0.0/15"]],
  [
    "the nodes' own pieces are the source's",
    ["10.244.0.0/16"],
    [used("10.244.1.0/24")],
    ["10.245.0.0/16", "10.244.0.0/15"],
  ],
  ["services lie beside", ["10.96.0.0/16"], [used("10.97.0.0/16")], null],
  ["all of a private range", ["192.168.0.0/16"], [], null],
  ["several pools", ["10.244.0.0/17", "10.244.128.0/18"], [], ["10.245.0.0/16", "10.244.0.0/15"]],
  ["IPv6 beside", ["10.244.0.0/16", "fd00::/64"], [], null],
])("%s", (_, pools, inUse, expected) => {
  const found = pickPodCidrBeside(on(...pools), { nodes: 4, maskSize: 24 }, inUse);
  expect(found && [found, oneRange(on(...pools), found, inUse)]).toEqual(expected);
});

test("a range that the operator chose is covered where nothing of others lies between", () => {
  expect(oneRange(on("10.244.0.0/16"), "10.240.0.0/16", [])).toBe("10.240.0.0/13");
  expect(oneRange(on("10.244.0.0/16"), "10.240.0.0/16", [used("10.242.0.0/16")])).toBeNull();
  expect(oneRange(on("10.244.0.0/16"), "172.16.0.0/16", [])).toBeNull();
});

test("a range that the source has switched off is not taken, and may lie between", () => {
  const off = { cidr: "10.245.0.0/16", what: "IPPool old, which is disabled", inUse: false };
  const source = { ...on("10.244.0.0/16"), otherRanges: [off] };
  const inUse = [used("10.245.0.0/16", true)];
  const found = pickPodCidrBeside(source, { nodes: 4, maskSize: 24 }, inUse);
  expect(found).toBe("10.246.0.0/16");
  expect(oneRange(source, "10.246.0.0/16", inUse)).toBe("10.244.0.0/14");
});

test("no range that holds much besides: machines outside the cluster may be in it, and answer no pod address", () => {
  expect(oneRange(on("10.0.0.0/16"), "10.200.0.0/16", [])).toBeNull();
  expect(pickPodCidrBeside(on("10.10.0.0/16", "10.200.0.0/16"), { nodes: 4, maskSize: 24 }, [])).toBeNull();
});

test("the values say the one range, and nothing where there is none", () => {
  const { cilium } = aPlan(["worker-1"]);
  expect(softValues(cilium)).not.toHaveProperty("ipv4NativeRoutingCIDR");
  expect(softValues({ ...cilium, nativeRoutingCidr: "10.244.0.0/15" })).toMatchObject({
    ipv4NativeRoutingCIDR: "10.244.0.0/15",
  });
});
