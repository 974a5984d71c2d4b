import { expect, test } from "vitest";
import type { KubeObject, OwnerReference } from "../../objects.ts";
import { isReady, type TestCluster, testCluster, workload } from "./test-cluster.ts";

function configMap(name: string, owners: readonly (KubeObject | OwnerReference)[] = [], blocking = true): KubeObject {
  const ownerReferences = owners.map((owner) =>
    "metadata" in owner
      ? {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid ?? "",
          blockOwnerDeletion: blocking,
        }
      : owner,
  );
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", ownerReferences } };
}

const names = ({ store }: TestCluster) =>
  store
    .list("configmaps", "default")
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== "kube-root-ca.crt")
    .sort();

async function deployed(): Promise<TestCluster> {
  const cluster = testCluster({ nodes: ["a"] });
  cluster.store.create("apps/deployments", workload("Deployment", "web", { replicas: 2 }));
  await cluster.until(() => cluster.pods().filter(isReady).length === 2);
  return cluster;
}

test("background: the owner goes at once, sets and pods follow", async () => {
  using cluster = await deployed();
  cluster.store.delete("apps/deployments", "default", "web", { propagation: "Background" });
  expect(cluster.store.get("apps/deployments", "default", "web")).toBeUndefined();
  expect(cluster.pods()).toHaveLength(2);
  await cluster.until(() => cluster.pods().length === 0 && cluster.store.list("apps/replicasets").length === 0, 2_000);
});

test("foreground: the owner stays until the last pod is gone", async () => {
  using cluster = await deployed();
  cluster.store.delete("apps/deployments", "default", "web", { propagation: "Foreground" });
  const left: string[] = [];
  for (const resource of ["pods", "apps/replicasets", "apps/deployments"]) {
    cluster.store.subscribe(resource, ({ type, object }) => {
      if (type === "DELETED") left.push(object.kind);
    });
  }
  await cluster.until(() => cluster.store.get("apps/deployments", "default", "web") === undefined, 5_000);
  expect(left).toEqual(["Pod", "Pod", "ReplicaSet", "Deployment"]);
});

test("orphan: the owner goes, its dependents lose the reference and live on", async () => {
  using cluster = await deployed();
  cluster.store.delete("apps/deployments", "default", "web", { propagation: "Orphan" });
  await cluster.until(() => cluster.store.get("apps/deployments", "default", "web") === undefined, 2_000);
  await cluster.clock.advance(5_000);
  const [set] = cluster.store.list("apps/replicasets", "default");
  expect(set?.metadata.ownerReferences ?? []).toEqual([]);
  expect(cluster.pods().filter(isReady)).toHaveLength(2);
});

test("foreground does not wait for a dependent that does not block", async () => {
  using cluster = testCluster();
  const owner = cluster.store.create("configmaps", configMap("owner"));
  cluster.store.create("configmaps", configMap("loose", [owner], false));
  cluster.store.create("configmaps", {
    ...configMap("held", [owner]),
    metadata: { ...configMap("held", [owner]).metadata, finalizers: ["example.com/hold"] },
  });
  cluster.store.delete("configmaps", "default", "owner", { propagation: "Foreground" });
  await cluster.clock.advance(5_000);
  expect(names(cluster)).toEqual(["held", "loose", "owner"]);
  expect(cluster.store.get("configmaps", "default", "held")?.metadata.deletionTimestamp).toBeDefined();
  cluster.store.change("configmaps", "default", "held", ({ metadata }) => {
    metadata.finalizers = [];
  });
  await cluster.until(() => names(cluster).length === 0, 5_000);
});

test("with another owner left, an object only loses the dead reference", async () => {
  using cluster = testCluster();
  const [one, two] = ["one", "two"].map((name) => cluster.store.create("configmaps", configMap(name)));
  if (!one || !two) throw new Error("not created");
  cluster.store.create("configmaps", configMap("shared", [one, two]));
  cluster.store.delete("configmaps", "default", "one");
  await cluster.clock.advance(2_000);
  const shared = cluster.store.get("configmaps", "default", "shared");
  expect(shared?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(["two"]);
  cluster.store.delete("configmaps", "default", "two");
  await cluster.until(() => names(cluster).length === 0, 2_000);
});

test("an object whose owner never was is deleted", async () => {
  using cluster = testCluster();
  cluster.store.create(
    "configmaps",
    configMap("lost", [{ apiVersion: "v1", kind: "ConfigMap", name: "ghost", uid: "no-such-uid" }]),
  );
  await cluster.until(() => names(cluster).length === 0, 3_000);
});

test("custom resources take part once their definition is there", async () => {
  using cluster = testCluster();
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  cluster.store.create("apiextensions.k8s.io/customresourcedefinitions", {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "flocks.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "flocks", singular: "flock", kind: "Flock", listKind: "FlockList" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  });
  await cluster.clock.advance(2_000);
  const flock = cluster.store.create("example.com/flocks", {
    apiVersion: "example.com/v1",
    kind: "Flock",
    metadata: { name: "f", namespace: "default" },
  });
  cluster.store.create("configmaps", configMap("sheep", [flock]));
  await cluster.clock.advance(2_000);
  expect(names(cluster)).toEqual(["sheep"]);
  cluster.store.delete("example.com/flocks", "default", "f");
  await cluster.until(() => names(cluster).length === 0, 2_000);
});
