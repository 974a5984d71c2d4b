import type { KubeObject } from "../../objects.ts";
import { namespace, plant, type Seed } from "../../seed/seed-world.ts";
import type { Scenario } from "../scenario.ts";

/** The namespace of all of it. */
export const bank = "bank";

const guarded = { podSelector: { matchLabels: { app: "accounts" } } };
const fromFriends = [{ podSelector: { matchLabels: { role: "friend" } } }];

function policy(name: string, spec: object): Seed {
  const metadata = { name, namespace: bank };
  return [
    "networking.k8s.io/networkpolicies",
    { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec } as KubeObject,
  ];
}

function workload(name: string, role: string): Seed {
  const labels = { app: name, role };
  const ports = [
    { name: "web", containerPort: 8080 },
    { name: "debug", containerPort: 9090 },
  ];
  const container = { name, image: `ghcr.io/crossfade-lab/${name}:1.0.0`, imagePullPolicy: "IfNotPresent", ports };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  const spec = { replicas: 2, selector: { matchLabels: { app: name } }, template };
  return ["apps/deployments", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: bank }, spec }];
}

/** Who may ask whom is said by policies, and who asks is there too. */
export const policies: Scenario = {
  name: "network-policies",
  summary:
    "NetworkPolicies guard a workload: by a client's label, by a range of ports, by a range of addresses; where the old CNI has kinds of its own, they guard it too",
  answer:
    "Says in preflight what becomes of each while there are two networks; Cilium enforces them once it has its final values.",
  options: "Read what the plan says of each, and allow in them what it says is missing.",
  begin({ store, source }) {
    plant(store, [
      ...namespace(bank),
      workload("accounts", "guarded"),
      workload("teller", "friend"),
      workload("passer-by", "stranger"),
      policy("friends-only", { ...guarded, ingress: [{ from: fromFriends, ports: [{ port: "web" }] }] }),
      policy("debug-range", { ...guarded, ingress: [{ from: fromFriends, ports: [{ port: 9000, endPort: 9099 }] }] }),
      policy("from-the-office", {
        ...guarded,
        ingress: [{ from: [{ ipBlock: { cidr: "192.168.0.0/16", except: ["192.168.9.0/24"] } }] }],
      }),
      ...(source.policyExamples?.pods(bank) ?? []),
    ]);
  },
};
