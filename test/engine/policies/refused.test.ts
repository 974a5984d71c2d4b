import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import type { PolicyVerdict } from "../../../src/engine/model/policies/policy-verdict.ts";
import { connectionOf, isExplained, type RefusalWorld, refusalsOf } from "../../../src/engine/policies/refused.ts";
import { aPod } from "../../support/facts.ts";

const web = "10.245.1.7";
const friend = "10.245.2.7";
const stranger = "10.245.2.8";

const denied = (from: string, more: Partial<PolicyVerdict> = {}): PolicyVerdict => ({
  node: "worker-1",
  direction: "ingress",
  action: "denied",
  protocol: "TCP",
  source: { ip: from, port: 40_000 },
  destination: { ip: web, port: 8080 },
  otherIdentity: 4711,
  ...more,
});

const policy = (name: string, spec: JsonObject, namespace = "shop"): JsonObject => ({
  metadata: { name, namespace },
  spec,
});

const friendsOnly = policy("friends-only", {
  podSelector: { matchLabels: { app: "web" } },
  ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }], ports: [{ port: 8080 }] }],
});

const world = (more: Partial<RefusalWorld> = {}): RefusalWorld => ({
  kubernetes: [friendsOnly],
  cilium: [],
  namespaces: { shop: { team: "a" }, bank: { team: "b" } },
  pods: [
    aPod("shop", "web-1", { labels: { app: "web" }, ips: [web] }),
    aPod("shop", "friend-1", { labels: { role: "friend" }, ips: [friend] }),
    aPod("bank", "stranger-1", { labels: {}, ips: [stranger] }),
  ],
  nodes: { "192.168.50.11": "worker-1", "10.245.1.1": "worker-1" },
  mode: "default",
  ...more,
});

const one = (verdict: PolicyVerdict, over: Partial<RefusalWorld> = {}) => {
  const { judged, gone } = refusalsOf([verdict], world(over));
  expect(gone).toBe(0);
  expect(judged).toHaveLength(1);
  return judged[0] ?? expect.fail("none");
};

const fromNetwork = (cidr: string, except: readonly string[] = []): JsonObject =>
  policy("by-range", {
    podSelector: { matchLabels: { app: "web" } },
    ingress: [{ from: [{ ipBlock: { cidr, except } }] }],
  });

const cnp = (spec: JsonObject, namespace = "shop"): JsonObject => policy("own", spec, namespace);

describe("a refused connection is explained", () => {
  test.each<[string, PolicyVerdict, Partial<RefusalWorld>, readonly string[]]>([
    ["by the policy that selects the pod", denied(stranger), {}, ["shop/friends-only"]],
    ["by the port", denied(friend, { destination: { ip: web, port: 9090 } }), {}, ["shop/friends-only"]],
    ["by the protocol", denied(friend, { protocol: "UDP" }), {}, ["shop/friends-only"]],
    ["for a node by its address", denied("192.168.50.11", { otherIdentity: 6 }), {}, ["shop/friends-only"]],
    ["for the world", denied("192.0.2.1", { otherIdentity: 2 }), {}, ["shop/friends-only"]],
    [
      "on its way out",
      denied(web, {
        direction: "egress",
        source: { ip: web, port: 1 },
        destination: { ip: "192.0.2.1", port: 53 },
        otherIdentity: 2,
      }),
      { kubernetes: [policy("no-out", { podSelector: {}, policyTypes: ["Egress"] })] },
      ["shop/no-out"],
    ],
    [
      "by one of Cilium's that selects the pod",
      denied(stranger),
      { kubernetes: [], cilium: [cnp({ endpointSelector: { matchLabels: { "k8s:app": "web" } }, ingress: [{}] })] },
      ["shop/own"],
    ],
    [
      "by a deny rule, whatever others allow",
      denied(friend),
      { cilium: [cnp({ endpointSelector: {}, ingressDeny: [{}] }, "")] },
      ["own"],
    ],
    ["by the mode", denied(stranger), { kubernetes: [], mode: "always" }, ["policyEnforcementMode: always"]],
  ])("%s", (_how, verdict, over, by) => {
    const found = one(verdict, over);
    expect(found.by).toEqual(by);
    expect(isExplained(found)).toBe(true);
  });
});

describe("a refused connection is not explained", () => {
  test.each<[string, PolicyVerdict, Partial<RefusalWorld>, readonly string[]]>([
    ["where a policy allows it", denied(friend), {}, ["shop/friends-only"]],
    ["where no policy speaks of the pod", denied(stranger), { kubernetes: [] }, []],
    [
      "where one of another namespace does",
      denied(stranger),
      { kubernetes: [policy("friends-only", { podSelector: {} }, "bank")] },
      [],
    ],
    [
      "where one speaks of the other direction",
      denied(stranger),
      { kubernetes: [policy("out", { podSelector: {}, policyTypes: ["Egress"] })] },
      [],
    ],
    [
      "where a range allows the pod's address, with which Cilium compares none",
      denied(stranger),
      { kubernetes: [fromNetwork("10.245.0.0/16")] },
      ["shop/by-range"],
    ],
    [
      "where a namespace is allowed by its labels",
      denied(stranger),
      {
        kubernetes: [
          policy("team-b", {
            podSelector: {},
            ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "b" } } }] }],
          }),
        ],
      },
      ["shop/team-b"],
    ],
    [
      "where one of Cilium's selects other pods",
      denied(stranger),
      { kubernetes: [], cilium: [cnp({ endpointSelector: { matchLabels: { app: "db" } }, ingress: [{}] })] },
      [],
    ],
    [
      "where one of Cilium's selects the pod, and leaves open what it does not allow",
      denied(stranger),
      {
        kubernetes: [],
        cilium: [cnp({ endpointSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [{}] })],
      },
      [],
    ],
  ])("%s", (_how, verdict, over, although) => {
    const found = one(verdict, over);
    expect(found.by).toEqual([]);
    expect(found.although).toEqual(although);
  });

  test("and a range's exception explains it", () => {
    expect(one(denied(stranger), { kubernetes: [fromNetwork("10.245.0.0/16", ["10.245.2.0/24"])] }).by).toEqual([
      "shop/by-range",
    ]);
  });
});

test("each connection is told once, with its tries, and by names", () => {
  const { judged } = refusalsOf(
    [denied(stranger), denied(stranger), denied("192.0.2.1", { otherIdentity: 2 })],
    world(),
  );
  expect(judged.map((refusal) => [connectionOf(refusal), refusal.tries])).toEqual([
    ["bank/stranger-1 to shop/web-1 TCP 8080", 2],
    ["192.0.2.1 to shop/web-1 TCP 8080", 1],
  ]);
});

test("of pods that are gone nobody can say what policies said, and what is only tried is not refused", () => {
  const nobody = denied(stranger, { destination: { ip: "10.245.9.9", port: 80 } });
  const found = refusalsOf([nobody, denied("10.245.9.9"), denied(stranger, { action: "audited" })], world());
  expect(found).toEqual({ judged: [], gone: 2 });
});

test("odd objects of others are read past", () => {
  const odd: readonly JsonObject[] = [
    {},
    { metadata: null, spec: [] },
    policy("odd", { podSelector: "x", ingress: [{ from: [null, 3], ports: "web" }, 7] } as JsonObject),
  ];
  expect(one(denied(stranger), { kubernetes: odd, cilium: odd }).by).toBeDefined();
});
