import { expect, test } from "vitest";
import type { SourceObject } from "../../../../../src/engine/model/cluster/source-object.ts";
import type { JsonObject } from "../../../../../src/engine/model/plan-types.ts";
import { policiesOf } from "../../../../../src/engine/policies/inventory.ts";
import { aPolicy, aPolicyWorld } from "../../../../support/policies.ts";

const group = "crd.projectcalico.org";
const kubernetesKind = "networkpolicies.networking.k8s.io";

const viewOf = (
  spec: JsonObject,
  over: { readonly global?: boolean; readonly beside?: Record<string, readonly SourceObject[]> } = {},
) => {
  const kind = `${over.global === true ? "globalnetworkpolicies" : "networkpolicies"}.${group}`;
  const policy = aPolicy(over.global === true ? null : "shop", "mine", spec);
  const objects = { ...over.beside, [kind]: [policy, ...(over.beside?.[kind] ?? [])] };
  const found = policiesOf(aPolicyWorld({ objects })).find(({ name }) => name === "mine");
  if (found === undefined) throw new Error("not read");
  return found;
};

test("allowed friends, a port range and a trailing denial become one policy", () => {
  const { fate, drafts } = viewOf({
    selector: "app == 'web'",
    types: ["Ingress"],
    ingress: [
      {
        action: "Allow",
        protocol: "TCP",
        source: { selector: "role == 'friend'" },
        destination: { ports: [80, "8000:8010"] },
      },
      { action: "Deny" },
    ],
  });
  expect(fate).toBe("drafted");
  expect(drafts).toEqual([
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "mine", namespace: "shop", labels: { "app.kubernetes.io/managed-by": "crossfade" } },
      spec: {
        endpointSelector: { matchLabels: { app: "web" } },
        enableDefaultDeny: { ingress: true, egress: false },
        ingress: [
          {
            fromEndpoints: [{ matchLabels: { role: "friend", "k8s:io.kubernetes.pod.namespace": "shop" } }],
            toPorts: [
              {
                ports: [
                  { port: "80", protocol: "TCP" },
                  { port: "8000", endPort: 8010, protocol: "TCP" },
                ],
              },
            ],
          },
        ],
      },
    },
  ]);
});

test("a set that a rule selects becomes a group beside the pods of the same labels", () => {
  const set = aPolicy(null, "office", { nets: ["203.0.113.0/24"] }, { role: "friend" });
  const { drafts } = viewOf(
    { selector: "all()", ingress: [{ action: "Allow", source: { selector: "role == 'friend'" } }] },
    { global: true, beside: { [`globalnetworksets.${group}`]: [set] } },
  );
  expect(drafts.map(({ kind }) => kind)).toEqual(["CiliumCIDRGroup", "CiliumClusterwideNetworkPolicy"]);
  expect(JSON.stringify(drafts[1])).toContain('"fromCIDRSet":[{"cidrGroupRef":"globalnetworkset.office"}]');
});

const allow = (over: JsonObject): JsonObject => ({ ingress: [{ action: "Allow", ...over }] });

test.each<readonly [code: string, spec: JsonObject]>([
  ["not-first-tier", { tier: "security", ...allow({}) }],
  [
    "order-decides",
    {
      ingress: [
        { action: "Allow", source: { nets: ["203.0.113.0/24"] } },
        { action: "Deny", protocol: "TCP" },
      ],
    },
  ],
  ["action-unknown", { ingress: [{ action: "Log" }] }],
  ["action-unknown", { ingress: [{ action: "Pass" }] }],
  ["negated", allow({ notProtocol: "TCP" })],
  ["negated", allow({ source: { notSelector: "has(x)" } })],
  ["negated", allow({ source: { notNets: ["203.0.113.0/24"] } })],
  ["http-rules", allow({ http: { methods: ["GET"] } })],
  ["selector-unknown", allow({ source: { selector: "app starts with 'w'" } })],
  ["selector-unknown", allow({ source: { selector: "app == 'a'", namespaceSelector: "global()" } })],
  ["selector-unknown", { selector: "not a selector at all", ...allow({}) }],
  ["label-not-seen", allow({ source: { selector: "pod-template-hash == '1'" } })],
  ["fields-unknown", allow({ source: { serviceAccounts: { selector: "has(x)" } } })],
  ["fields-unknown", allow({ destination: { selector: "has(x)" } })],
  ["fields-unknown", allow({ source: { ports: [80] }, protocol: "TCP" })],
  ["fields-unknown", allow({ destination: { ports: ["http"] }, protocol: "TCP" })],
  ["fields-unknown", allow({ ipVersion: 4 })],
  ["fields-unknown", { performanceHints: ["AssumeNeededOnEveryNode"], ...allow({}) }],
  ["nets-cover-pods", allow({ source: { nets: ["10.244.1.0/24"] } })],
  ["nets-cover-nodes", allow({ source: { nets: ["192.168.50.0/24"] } })],
  ["protocol-unknown", allow({ protocol: 47 })],
  ["protocol-unknown", allow({ protocol: "ICMP" })],
  ["applies-to-host", { preDNAT: true, applyOnForward: true, ...allow({}) }],
])("%s: there is no draft", (code, spec) => {
  const view = viewOf(spec, { global: spec["preDNAT"] === true });
  expect(view.fate).toBe("report-only");
  expect(view.drafts).toEqual([]);
  expect(view.findings.map((one) => one.code)).toContain(code);
});

test("a Kubernetes policy that allows before it denies leaves no draft", () => {
  const beside = { [kubernetesKind]: [aPolicy("shop", "np", { podSelector: {}, ingress: [{}] })] };
  const spec = { order: 2_000, ingress: [{ action: "Deny", protocol: "TCP" }] };
  expect(viewOf(spec, { beside }).fate).toBe("report-only");
  expect(viewOf({ ...spec, order: 10 }, { beside }).fate).toBe("drafted");
});

test("a policy of hosts' labels is said to be one", () => {
  const beside = { [`hostendpoints.${group}`]: [aPolicy(null, "w1", { node: "worker-1" }, { host: "yes" })] };
  expect(viewOf(allow({}), { global: true, beside }).findings[0]?.code).toBe("selects-hosts");
});
