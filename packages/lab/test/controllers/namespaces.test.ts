import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { pod, testCluster } from "./test-cluster.ts";

const space = (name: string): KubeObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const inside = (object: KubeObject, namespace: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

test("every namespace has its default account and the cluster's certificate, and gets them back", async () => {
  using cluster = testCluster();
  cluster.store.create("namespaces", space("shop"));
  const there = () =>
    [
      cluster.store.get("serviceaccounts", "shop", "default"),
      cluster.store.get("configmaps", "shop", "kube-root-ca.crt"),
    ].every(Boolean);
  await cluster.until(there, 100);
  cluster.store.delete("configmaps", "shop", "kube-root-ca.crt");
  expect(there()).toBe(false);
  await cluster.until(there, 100);
});

test("a namespace empties before it goes, and pods in it stop gracefully", async () => {
  using cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("namespaces", space("shop"));
  cluster.store.create("pods", inside(pod("till"), "shop"));
  cluster.store.create(
    "configmaps",
    inside({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "prices" } }, "shop"),
  );
  await cluster.until(() => cluster.pods("shop")[0]?.status?.phase === "Running");
  cluster.store.delete("namespaces", null, "shop");
  await cluster.clock.advance(20);
  expect(cluster.store.get("namespaces", null, "shop")?.status).toMatchObject({ phase: "Terminating" });
  expect(cluster.pods("shop")[0]?.metadata.deletionTimestamp).toBeDefined();
  await cluster.until(() => cluster.store.get("namespaces", null, "shop") === undefined, 5_000);
  expect([
    ...cluster.pods("shop"),
    ...cluster.store.list("configmaps", "shop"),
    ...cluster.store.list("events", "shop"),
  ]).toEqual([]);
});

test("a stuck finalizer in it holds the namespace", async () => {
  using cluster = testCluster();
  cluster.store.create("namespaces", space("shop"));
  const metadata = { name: "stuck", namespace: "shop", finalizers: ["example.com/hold"] };
  cluster.store.create("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata });
  cluster.store.delete("namespaces", null, "shop");
  await cluster.clock.advance(60_000);
  expect(cluster.store.list("configmaps", "shop")).toHaveLength(1);
  cluster.store.change("configmaps", "shop", "stuck", (copy) => {
    copy.metadata.finalizers = [];
  });
  await cluster.until(() => cluster.store.get("namespaces", null, "shop") === undefined, 5_000);
});
