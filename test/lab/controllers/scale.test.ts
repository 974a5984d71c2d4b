import { expect, test } from "vitest";
import type { Deployment } from "../../../src/lab/controllers/kinds.ts";
import { budget, testCluster, workload } from "./test-cluster.ts";

test("500 nodes and 5,000 pods settle without quadratic work", { timeout: 60_000 }, async () => {
  using cluster = testCluster({ clusterCidr: "10.0.0.0/14" });
  for (let index = 0; index < 500; index += 1) cluster.kubelets.addNode(`node-${index}`);
  for (const name of ["agent", "proxy"]) cluster.store.create("apps/daemonsets", workload("DaemonSet", name));
  for (let index = 0; index < 40; index += 1) {
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
  const started = performance.now();
  const isDone = () =>
    cluster.store.list<Deployment>("apps/deployments").every(({ status }) => status?.availableReplicas === 100);
  await cluster.until(isDone, 30_000);
  const firstMs = performance.now() - started;
  console.log("ms", firstMs);
  expect(cluster.pods()).toHaveLength(5_000);
});
