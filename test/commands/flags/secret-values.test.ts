import { expect, test } from "vitest";
import { secretArgument, secretIn } from "../../../src/commands/flags/secret-values.ts";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";

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
  ["operator.extraArgs[1]", { operator: { extraArgs: ["--debug", "--azure-client-secret=hunter2"] } }],
  ["operator.extraArgs[1]", { operator: { extraArgs: ["--azure-client-secret", "hunter2"] } }],
  ["extraEnv[0].value", { extraEnv: [{ name: "DB_PASS", value: "hunter3" }] }],
  ["extraEnv[0].value", { extraEnv: [{ name: "API_KEY", value: "def" }] }],
  ["extraEnv[0].value", { extraEnv: [{ name: "GH_PAT", value: "def" }] }],
  ["extraEnv[0].value", { extraEnv: [{ name: "PLAIN", value: "ghp_16C7e42F292c6912E7710c838347Ae178B4a" }] }],
  ["extraEnv[0].value", { extraEnv: [{ name: "AWS", value: "AKIAIOSFODNN7EXAMPLE" }] }],
  ["extraConfig.kvstore-opt", { extraConfig: { "kvstore-opt": '{"etcd.password":"hunter4"}' } }],
  ["extraConfig.kvstore-opt", { extraConfig: { "kvstore-opt": "etcd.password=hunter4" } }],
  ["podAnnotations.vault/auth", { podAnnotations: { "vault/auth": "token=hvs.CAESIJ" } }],
  ["encryption.ipsec.key", { encryption: { ipsec: { key: "3+ rfc4106(gcm(aes)) 0123 128" } } }],
  ["encryption.ipsec.psk", { encryption: { ipsec: { psk: "def" } } }],
  ["a.passwords[0]", { a: { passwords: ["def"] } }],
  ["a.password", { a: { password: 12345 } }],
  ["a.api-key", { a: { "api-key": "def" } }],
  ["a.header", { a: { header: "Authorization: Basic YTpiYWJhYmE=" } }],
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
  ["a place that is filled in later", { extraEnv: [{ name: "DB_PASSWORD", value: "$(FROM_ELSEWHERE)" }] }],
  ["a template", { podAnnotations: { "vault/template": 'export TOKEN="{{ .Data.token }}"' } }],
  ["where a secret lies", { operator: { extraArgs: ["--bearer-token-file=/var/run/token", "--key-file", "/k"] } }],
  ["names of Secrets", { imagePullSecret: "mine", encryption: { ipsec: { secretName: "keys", keyFile: "keys" } } }],
  ["an entry of a Secret", { hubble: { metrics: { tls: { server: { mtls: { key: "ca.crt", useSecret: true } } } } } }],
  ["a reference", { k8sServiceHostRef: { name: "cluster-info", key: "host" } }],
  ["names of labels", { topologyKey: "zone", agentNotReadyTaintKey: "node.cilium.io/not-ready", configMapKey: "cni" }],
  ["a public key", { extraEnv: [{ name: "SSH_PUBLIC_KEY", value: "ssh-ed25519 AAAA" }] }],
  ["words that end alike", { extraArgs: ["--bypass=eth0", "--key-rotation=5m"], monkey: "a", compass: "b" }],
  ["a switch", { serviceAccounts: { cilium: { automountServiceAccountToken: true } } }],
])("%s is none", (_what, values) => {
  expect(secretIn(values)).toBeNull();
});

test.each([
  [["ipmitool", "--password", "x"], "--password"],
  [["tool", "--token=abc"], "token"],
  [["curl", "http://me:pw@bmc/reset"], "argument 2"],
  [["sh", "-c", "IPMI_PASSWORD=hunter2 ipmitool power cycle"], "IPMI_PASSWORD"],
  [["curl", "-H", "X-Api-Key: hunter2", "https://bmc"], "X-Api-Key"],
])("%j holds a secret, which is not said again", (argv, found) => expect(secretArgument(argv)).toBe(found));

test.each([
  [["ssh", "-i", "/root/.ssh/id", "{address}", "sudo", "systemctl", "reboot"]],
  [["aws", "ec2", "reboot-instances", "--instance-ids", "{node}", "--profile=ops"]],
  [["gcloud", "--access-token-file=/run/token", "compute", "instances", "reset", "{node}"]],
])("%j holds none", (argv) => expect(secretArgument(argv)).toBeNull());

test.each(["a", "a-", "a=", "a={{", 'a="', "a: ", "ab/", " "])(
  "a mebibyte of %j is looked through as fast as it is read",
  (text) => expect(secretIn({ a: text.repeat(2 ** 20 / text.length) })).toBeNull(),
);
