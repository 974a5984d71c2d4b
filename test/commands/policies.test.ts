import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { draftFiles, explainLines, listLines } from "../../src/commands/policies.ts";
import { policiesOf } from "../../src/engine/policies/inventory.ts";
import { aPolicy, aPolicyWorld } from "../support/policies.ts";

const group = "crd.projectcalico.org";
const policies = policiesOf(
  aPolicyWorld({
    objects: {
      "networkpolicies.networking.k8s.io": [
        aPolicy("shop", "all", { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] }),
        aPolicy("shop", "web", { podSelector: {}, ingress: [{}] }),
      ],
      [`networkpolicies.${group}`]: [aPolicy("shop", "web", { ingress: [{ action: "Allow", protocol: "TCP" }] })],
      [`globalnetworkpolicies.${group}`]: [aPolicy(null, "log", { ingress: [{ action: "Log" }] })],
    },
  }),
);

test("every policy is listed by kind and name, with what becomes of it", () => {
  expect(listLines({ policies, unread: { "adminnetworkpolicies.policy.networking.k8s.io": 2 }, minutes: 9 })).toEqual([
    "changes      networkpolicies.networking.k8s.io shop/all  selects 2 pods",
    "kept         networkpolicies.networking.k8s.io shop/web  selects 2 pods",
    "has a draft  networkpolicies.crd.projectcalico.org shop/web  selects 2 pods",
    "report only  globalnetworkpolicies.crd.projectcalico.org log  selects 2 pods",
    "not read     2 adminnetworkpolicies.policy.networking.k8s.io",
    "4 policies: 1 kept, 1 changes, 1 has a draft, 1 report only",
  ]);
});

test("one is explained with its reasons, and for how long its pods are open", () => {
  const [all] = policies;
  const lines = all === undefined ? [] : explainLines(all, 9);
  expect(lines[0]).toBe("networkpolicies.networking.k8s.io shop/all: changes");
  expect(lines.join("\n")).toContain("ipBlock 0.0.0.0/0 covers pod addresses (10.244.0.0/16, 10.245.0.0/16)");
  expect(lines.at(-1)).toContain("9 minutes");
});

test("drafts are files of YAML that can be applied", () => {
  const files = draftFiles(policies);
  expect(Object.keys(files)).toEqual(["namespace-shop.web.yaml"]);
  const [draft] = parseAllDocuments(files["namespace-shop.web.yaml"] ?? "").map((one) => one.toJS());
  expect(draft).toMatchObject({ apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name: "web" } });
});
