import { expect, test } from "vitest";
import type { Deployment } from "../../controllers/kinds.ts";
import { budget, testCluster, workload } from "./test-cluster.ts";

/** Milliseconds of CPU until two daemons a node and 80 pods in ten of them have settled, with a budget and a service each. */
async function settleMs(nodes: number): Promise<number> {
  using cluster = testCluster({ clusterCidr: "10.0.0.0/14" });
  const before = process.cpuUsage();
  for (let index = 0; index < nodes; index += 1) cluster.kubelets.addNode(`node-${index}`);
  for (const name of ["agent", "proxy"]) cluster.store.create("apps/daemonsets", workload("DaemonSet", name));
  for (let index = 0; index < (nodes * 8) / 100; index += 1) {
    const name = `web-${index}`;
    cluster.store.create("apps/deployments", workload("Deployment", name, { replicas: 100 }));
    cluster.store.create("policy/poddisruptionbudgets", budget(name, name, { maxUnavailable: "10%" }));
    const spec = { selector: { app: name }, ports: [{ port: 80 }] };
    cluster.store.create("services", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec,
    });
  }
  const deployments = () => cluster.store.list<Deployment>("apps/deployments");
  await cluster.until(() => deployments().every(({ status }) => status?.availableReplicas === 100), 30_000);
  expect(cluster.pods()).toHaveLength(nodes * 10);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test("500 nodes and 5,000 pods settle, at about five times the work of 100 nodes and 1,000", async () => {
  const small = await settleMs(100);
  const large = await settleMs(500);
  expect(large / small, `${small} and ${large} ms`).toBeLessThan(12);
});
