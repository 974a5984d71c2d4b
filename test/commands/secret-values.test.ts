import { expect, test } from "vitest";
import { secretIn } from "../../src/commands/secret-values.ts";
import type { JsonObject } from "../../src/engine/plan-types.ts";

const pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n";

test.each<[string, JsonObject]>([
  ["tls.ca.key", { tls: { ca: { cert: "abc", key: "def" } } }],
  ["hubble.tls.server.key", { hubble: { tls: { server: { key: "def" } } } }],
  ["clustermesh.config.clusters[1].tls.key", { clustermesh: { config: { clusters: [{}, { tls: { key: "def" } }] } } }],
  ["azure.clientSecret", { azure: { clientSecret: "def" } }],
  ["a.adminPassword", { a: { adminPassword: "def" } }],
  ["extraConfig.odd", { extraConfig: { odd: pem } }],
  ["extraConfig.packed", { extraConfig: { packed: Buffer.from(pem).toString("base64") } }],
])("%s is seen to be a secret", (path, values) => {
  expect(secretIn(values)).toBe(path);
});

test.each<[string, JsonObject]>([
  ["a toleration's key", { tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }] }],
  ["a certificate", { tls: { ca: { cert: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==", key: "" } } }],
  ["the name of a Secret", { hubble: { tls: { server: { existingSecret: "mine" } } } }],
  ["a switch", { serviceAccounts: { cilium: { automountServiceAccountToken: true } } }],
])("%s is none", (_what, values) => {
  expect(secretIn(values)).toBeNull();
});
