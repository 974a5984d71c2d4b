import { describe, expect, test } from "vitest";
import type { PolicySettings } from "../../../../src/engine/model/policies/policy-settings.ts";
import type { PolicyVerdict } from "../../../../src/engine/model/policies/policy-verdict.ts";
import { enforcedPolicies, guarding } from "../../../../src/engine/policies/selecting.ts";
import { deniedByPolicy, deniedPairs } from "../../../../src/engine/policies/trial/count.ts";

const kubernetes = (name: string, spec: object) => ({ metadata: { name, namespace: "shop" }, spec }) as never;
const cilium = (name: string, spec: object, namespace: string | undefined = "shop") =>
  ({ metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec }) as never;

const policies = enforcedPolicies({
  kubernetes: [
    kubernetes("in", { podSelector: { matchLabels: { app: "web" } }, ingress: [] }),
    kubernetes("out", { podSelector: {}, policyTypes: ["Egress"] }),
    kubernetes("others", { podSelector: { matchLabels: { app: "db" } } }),
  ],
  cilium: [
    cilium("prefixed", { endpointSelector: { matchLabels: { "k8s:app": "web" } }, ingress: [{}] }),
    cilium("no-default", { endpointSelector: {}, ingress: [{}], enableDefaultDeny: { ingress: false } }),
    cilium("elsewhere", { endpointSelector: {}, ingress: [{}] }, "other"),
    cilium("http", {
      endpointSelector: { matchLabels: { app: "db" } },
      egress: [{ toPorts: [{ rules: { http: [{}] } }] }],
    }),
  ],
  clusterwide: [
    {
      metadata: { name: "shops" },
      specs: [
        {
          endpointSelector: {
            matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "In", values: ["shop"] }],
          },
          egressDeny: [{ toEntities: ["world"] }],
        },
      ],
    } as never,
    { metadata: { name: "nodes" }, spec: { nodeSelector: {}, ingress: [{}] } } as never,
  ],
});
const labels = { app: "web", "io.kubernetes.pod.namespace": "shop" };

describe("policies that close an endpoint to what they do not allow", () => {
  test.each([
    ["ingress", ["networkpolicies.networking.k8s.io shop/in", "ciliumnetworkpolicies.cilium.io shop/prefixed"]],
    ["egress", ["networkpolicies.networking.k8s.io shop/out", "ciliumclusterwidenetworkpolicies.cilium.io shops"]],
  ] as const)("%s", (direction, expected) => expect(guarding(policies, { labels }, direction)).toEqual(expected));

  test("those that a proxy carries out are known", () =>
    expect(policies.filter(({ denies }) => denies).map(({ name }) => name)).toEqual([
      "ciliumnetworkpolicies.cilium.io shop/http",
    ]));

  test("objects that say nothing select nothing", () =>
    expect(
      guarding(
        enforcedPolicies({ kubernetes: [{} as never], cilium: [{} as never], clusterwide: [{ spec: 3 } as never] }),
        { labels },
        "ingress",
      ),
    ).toEqual([]));
});

const settings = {
  endpoints: [{ id: 1, ip: "10.245.1.7", pod: "shop/web", labels }],
} as unknown as PolicySettings;
const book = { pods: new Map([["10.245.2.9", "shop/client"]]), nodes: new Map([["10.245.3.1", "worker-3"]]) };

const verdict = (from: string, otherIdentity = 4_711, port = 40_000): PolicyVerdict => ({
  node: "worker-1",
  direction: "ingress",
  action: "audited",
  protocol: "TCP",
  source: { ip: from, port },
  destination: { ip: "10.245.1.7", port: 8080 },
  otherIdentity,
});

test("connections are added up by pair whatever port they come from, and each policy that guards has its part", () => {
  const verdicts = [
    verdict("10.245.2.9"),
    verdict("10.245.2.9", 4_711, 40_001),
    verdict("10.245.3.1", 6),
    verdict("10.0.0.9", 6),
    verdict("192.0.2.1", 2),
  ];
  const pairs = deniedPairs(verdicts, [settings], { book, policies });
  expect(pairs.map(({ other, connections }) => [other.kind, other.name, connections])).toEqual([
    ["pod", "shop/client", 2],
    ["node", "worker-3", 1],
    ["node", "10.0.0.9", 1],
    ["outside", "192.0.2.1", 1],
  ]);
  expect(pairs[0]).toMatchObject({ pod: "shop/web", port: 8080 });
  expect(deniedByPolicy(pairs)).toEqual([
    { policy: "networkpolicies.networking.k8s.io shop/in", connections: 5, pairs: 4 },
    { policy: "ciliumnetworkpolicies.cilium.io shop/prefixed", connections: 5, pairs: 4 },
  ]);
});
