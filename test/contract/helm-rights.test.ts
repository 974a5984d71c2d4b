import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { World } from "../support/lab/lab-run.ts";
import { applyObjects, printedObjects } from "../support/lab/roles.ts";
import { toolboxes } from "./tools.ts";

const rbac = "rbac.authorization.k8s.io";
const here = { namespace: "kube-system" };
const labels = { app: "cilium" };
const pods = {
  selector: { matchLabels: labels },
  template: {
    metadata: { labels, annotations: { turn: "{{ .Values.turn }}" } },
    spec: { containers: [{ name: "c", image: "quay.io/none/none:1" }] },
  },
};
const secretsRole = { name: "cilium-tlsinterception-secrets", namespace: "cilium-secrets" };
const more = [{ apiGroups: [""], resources: ["nodes", "secrets"], verbs: ["get", "list", "watch", "update"] }];
const subjects = [{ kind: "ServiceAccount", name: "cilium", ...here }];

/** One object of each kind, and by the names, that Cilium's chart has; its roles hold more than their writer does. */
const templates: readonly object[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "cilium-secrets" } },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "cilium", ...here } },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cilium-ca", ...here },
    stringData: { a: "{{ .Values.turn }}" },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "cilium-config", ...here },
    data: { a: "{{ .Values.turn }}" },
  },
  { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: "cilium" }, rules: more },
  {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "cilium", annotations: { turn: "{{ .Values.turn }}" } },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cilium" },
    subjects,
  },
  { apiVersion: `${rbac}/v1`, kind: "Role", metadata: secretsRole, rules: more },
  {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: secretsRole,
    roleRef: { apiGroup: rbac, kind: "Role", name: secretsRole.name },
    subjects,
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "hubble-peer", ...here },
    spec: { selector: labels, ports: [{ port: 443 }] },
  },
  { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "cilium", ...here }, spec: pods },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cilium-operator", ...here },
    spec: { replicas: 0, ...pods },
  },
];

const boxes = await toolboxes();

describe.for(boxes.map((box) => [box.name, box] as const))("real helm of %s", ([, box]) => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), "helm-rights-"));
  const chart = join(folder, "chart");
  const kubeconfig = join(folder, "kubeconfig");

  beforeAll(async () => {
    world = await World.make({ seed: 81 });
    await applyObjects(world.cluster.client, printedObjects("operate", { kind: "User", name: "runa" }));
    const { token } = world.lab.signIn({ username: "runa", groups: [] });
    const admins = readFileSync(world.lab.address.kubeconfig, "utf8");
    writeFileSync(kubeconfig, admins.replace(/token: .*/, `token: ${token}`), { mode: 0o600 });
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: cilium\nversion: 1.18.12\n");
    writeFileSync(join(chart, "values.yaml"), "turn: one\n");
    const all = templates.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
    writeFileSync(join(chart, "templates/all.yaml"), all);
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Every command that the installer gives, with its flags. */
  test.each([
    ["upgrade", "cilium", "CHART", "--install", "-n", "kube-system", "--history-max", "10", "--reset-values"],
    ["upgrade", "cilium", "CHART", "--install", "-n", "kube-system", "--reset-values", "--set", "turn=two"],
    ["list", "-n", "kube-system", "--max", "10000", "-o", "json"],
    ["get", "values", "cilium", "-n", "kube-system", "-o", "json"],
    ["history", "cilium", "-n", "kube-system", "-o", "json"],
    ["rollback", "cilium", "1", "-n", "kube-system", "--timeout", "10m"],
    ["uninstall", "cilium", "-n", "kube-system", "--timeout", "5m"],
  ])("%s %s %s works under the role of run", async (...words) => {
    const argv = words.map((word) => (word === "CHART" ? chart : word));
    const env = { PATH: process.env["PATH"] ?? "", HOME: folder, KUBECONFIG: kubeconfig };
    const ran = await promisify(execFile)(box.helm, argv, { env }).then(
      () => "",
      (error: { stderr: string }) => error.stderr,
    );
    expect(ran).toBe("");
  });

  test("and took back all that it had made", () => {
    const left = ["apps/daemonsets", "apps/deployments", "services", "serviceaccounts"].flatMap((kind) =>
      world.lab.store.list(kind, "kube-system").map(({ metadata }) => metadata.name),
    );
    expect(left.filter((name) => /^(cilium|hubble)/.test(name))).toEqual([]);
  });
});
