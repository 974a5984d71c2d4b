import { expect, test } from "vitest";
import type { JsonObject } from "../../../../../src/engine/model/plan-types.ts";
import { closedHostsOf } from "../../../../../src/engine/policies/inventory.ts";
import { aPolicy, aPolicyWorld } from "../../../../support/policies.ts";

const group = "crd.projectcalico.org";
const endpoint = (over: JsonObject = {}) =>
  aPolicy(
    null,
    "w1",
    { node: "worker-1", interfaceName: "eth0", expectedIPs: ["192.168.50.11"], ...over },
    { host: "yes" },
  );

interface Given {
  readonly ingress?: readonly JsonObject[];
  readonly egress?: readonly JsonObject[];
  readonly over?: JsonObject;
  readonly policy?: JsonObject;
  readonly felix?: JsonObject;
}

/** A policy of the host's that has these rules; none where no rules are given. */
function closed({ ingress, egress, over = {}, policy = {}, felix }: Given) {
  const types = [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])];
  const spec = { selector: "has(host)", types, ingress: ingress ?? [], egress: egress ?? [], ...policy };
  const objects = {
    [`hostendpoints.${group}`]: [endpoint(over)],
    [`globalnetworkpolicies.${group}`]: types.length > 0 ? [aPolicy(null, "hosts", spec)] : [],
    [`felixconfigurations.${group}`]: felix ? [aPolicy(null, "default", felix)] : [],
  };
  return closedHostsOf(aPolicyWorld({ objects }));
}

const allow = (protocol: string, ...ports: readonly number[]): JsonObject => ({
  action: "Allow",
  protocol,
  ...(ports.length > 0 ? { destination: { ports } } : {}),
});
const all: JsonObject = { action: "Allow" };

test("what was seen on a real cluster: TCP, ICMP and UDP 53 and 4789 let nothing of the tunnel in", () => {
  const ingress = [allow("TCP"), allow("ICMP"), allow("UDP", 53, 4789)];
  expect(closed({ ingress, egress: [all] })).toEqual([
    { kind: `hostendpoints.${group}`, name: "w1", node: "worker-1", closed: ["UDP 8473 in"], policies: ["hosts"] },
  ]);
});

test("with the tunnel's port allowed nothing is closed", () => {
  expect(closed({ ingress: [allow("TCP"), allow("ICMP"), allow("UDP", 53, 8473)], egress: [all] })).toEqual([]);
});

test("health checks are named beside it", () => {
  expect(closed({ ingress: [allow("UDP", 8473)], egress: [all] })[0]?.closed).toEqual(["TCP 4240 in", "ICMP in"]);
});

test("without any policy it is closed both ways, but for the profile that allows all", () => {
  expect(closed({})[0]?.closed).toHaveLength(6);
  expect(closed({})[0]?.policies).toEqual([]);
  expect(closed({ over: { profiles: ["projectcalico-default-allow"] } })).toEqual([]);
});

test("a port that Felix was told to keep open is open", () => {
  const felix = { failsafeInboundHostPorts: [{ protocol: "udp", port: 8473 }] };
  expect(closed({ ingress: [allow("TCP"), allow("ICMP")], egress: [all], felix })).toEqual([]);
});

test("a rule that cannot be understood allows nothing", () => {
  const ingress = [allow("TCP"), allow("ICMP"), { ...allow("UDP"), source: { selector: "host ~ 'x'" } }];
  expect(closed({ ingress, egress: [all] })[0]?.closed).toEqual(["UDP 8473 in"]);
});

test.each([
  ["loopback", { interfaceName: "lo" }],
  ["another interface of the node", { interfaceName: "eth1", expectedIPs: ["172.16.0.1"] }],
  ["a node that is gone", { node: "worker-9" }],
])("a host endpoint of %s is none of ours", (_what, over) => {
  expect(closed({ over })).toEqual([]);
});

test("policies for traffic before DNAT say nothing of the tunnel", () => {
  const policy = { preDNAT: true, applyOnForward: true };
  const over = { profiles: ["projectcalico-default-allow"] };
  expect(closed({ ingress: [{ action: "Deny" }], policy, over })).toEqual([]);
});
