import { expect, test } from "vitest";
import { secretArgument, secretIn } from "../../src/commands/secret-values.ts";
import type { JsonObject } from "../../src/engine/plan-types.ts";

const pem = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n";

test.each<[string, JsonObject]>([
  ["tls.ca.key", { tls: { ca: { cert: "abc", key: "def" } } }],
  ["hubble.tls.server.key", { hubble: { tls: { server: { key: "def" } } } }],
  ["clustermesh.config.clusters[1].tls.key", { clustermesh: { config: { clusters: [{}, { tls: { key: "def" } }] } } }],
  ["azure.clientSecret", { azure: { clientSecret: "def" } }],
  ["a.adminPassword", { a: { adminPassword: "def" } }],
  [
    "extraEnv[1].value",
    {
      extraEnv: [
        { name: "A", value: "b" },
        { name: "REGISTRY_PASSWORD", value: "def" },
      ],
    },
  ],
  ["extraEnv[0].value", { extraEnv: [{ name: "HTTPS_PROXY", value: "http://me:def@proxy:3128" }] }],
  ["a.b", { a: { b: "Bearer abcdefghijkl" } }],
  ["a.jwt", { a: { jwt: `eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.` } }],
  ["extraConfig.odd", { extraConfig: { odd: pem } }],
  ["extraConfig.packed", { extraConfig: { packed: Buffer.from(pem).toString("base64") } }],
])("%s is seen to be a secret", (path, values) => {
  expect(secretIn(values)).toBe(path);
});

test.each<[string, JsonObject]>([
  ["a toleration's key", { tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }] }],
  ["a certificate", { tls: { ca: { cert: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==", key: "" } } }],
  ["the name of a Secret", { hubble: { tls: { server: { existingSecret: "mine" } } } }],
  [
    "a variable taken from a Secret",
    { extraEnv: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }] },
  ],
  ["an address", { k8sServiceHost: "https://api.example:6443/a@b" }],
  ["a switch", { serviceAccounts: { cilium: { automountServiceAccountToken: true } } }],
])("%s is none", (_what, values) => {
  expect(secretIn(values)).toBeNull();
});

test.each([
  [["ipmitool", "--password", "x"], "--password"],
  [["tool", "--token=abc"], "--token=abc"],
  [["curl", "http://me:pw@bmc/reset"], "http://me:pw@bmc/reset"],
])("%j holds a secret", (argv, found) => expect(secretArgument(argv)).toBe(found));

test("an ordinary command holds none", () =>
  expect(secretArgument(["ssh", "-i", "/root/.ssh/id", "{address}", "sudo", "systemctl", "reboot"])).toBeNull());
