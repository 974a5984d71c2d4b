import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { sourceFiles } from "../../src/commands/processes/source-files.ts";
import type { ObjectRef } from "../../src/engine/model/cluster/object-ref.ts";
import type { JsonObject } from "../../src/engine/model/plan-types.ts";

const ref = (apiVersion: string, kind: string, name: string, namespace: string | null = null): ObjectRef => ({
  apiVersion,
  kind,
  namespace,
  name,
});
const metadata = (name: string) => ({ name, uid: "u", resourceVersion: "7", labels: { app: "net" } });

const definition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: metadata("pools.net.example"),
  spec: {
    group: "net.example",
    names: { kind: "Pool", plural: "pools" },
    versions: [
      { name: "v1beta1", storage: false },
      { name: "v1", storage: true },
    ],
  },
  status: { conditions: [] },
};

const there: Readonly<Record<string, JsonObject>> = {
  "DaemonSet/net": { apiVersion: "apps/v1", kind: "DaemonSet", metadata: metadata("net"), spec: {}, status: {} },
  "CustomResourceDefinition/pools.net.example": definition,
  "Secret/token": { apiVersion: "v1", kind: "Secret", metadata: metadata("token") },
};

const objects = {
  get: ({ kind, name }: ObjectRef) => Promise.resolve(there[`${kind}/${name}`] ?? null),
  all: ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
    Promise.resolve(
      apiVersion === "net.example/v1" ? [{ apiVersion, kind, metadata: metadata("default"), spec: { cidr: "x" } }] : [],
    ),
  merge: () => Promise.reject(new Error("a look writes nothing")),
  apply: () => Promise.reject(new Error("a look writes nothing")),
  remove: () => Promise.reject(new Error("a look writes nothing")),
};

test("definitions come before what depends on them, objects of their kinds are saved, what is missing and Secrets are not", async () => {
  const removed = [
    ref("apps/v1", "DaemonSet", "net", "kube-system"),
    ref("v1", "ConfigMap", "gone", "kube-system"),
    ref("v1", "Secret", "token", "kube-system"),
    ref("apiextensions.k8s.io/v1", "CustomResourceDefinition", "pools.net.example"),
  ];
  const files = await sourceFiles({ removed, read: {} }, objects);
  expect(Object.keys(files)).toEqual(["source-objects.yaml", "source-instances.yaml"]);
  const read = (name: string) => parseAllDocuments(files[name] ?? "").map((document) => document.toJS());
  expect(read("source-objects.yaml").map(({ kind }) => kind)).toEqual(["CustomResourceDefinition", "DaemonSet"]);
  expect(read("source-objects.yaml")[1]).toEqual({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "net", labels: { app: "net" } },
    spec: {},
  });
  expect(read("source-instances.yaml")).toEqual([
    {
      apiVersion: "net.example/v1",
      kind: "Pool",
      metadata: { name: "default", labels: { app: "net" } },
      spec: { cidr: "x" },
    },
  ]);
});

test("objects of kinds that were read are saved by their plural, and none twice", async () => {
  const asked: string[] = [];
  const object = { apiVersion: "net.example/v1", kind: "Pool", metadata: metadata("default"), spec: {} };
  const listing = {
    ...objects,
    all: ({ apiVersion, kind }: { apiVersion: string; kind: string }) => {
      asked.push(`${apiVersion} ${kind}`);
      return Promise.resolve(kind === "NetworkPolicy" ? [] : [object]);
    },
  };
  const one = {
    apiVersion: "net.example/v1",
    metadata: { name: "default", labels: {}, annotations: {}, owners: [] },
    spec: {},
    status: {},
  };
  const removed = [ref("apiextensions.k8s.io/v1", "CustomResourceDefinition", "pools.net.example")];
  const read = { "pools.net.example": [one], "empty.net.example": [], "networkpolicies.networking.k8s.io": [one] };
  const files = await sourceFiles({ removed, read }, listing);
  expect(asked).toEqual(["net.example/v1 Pool", "net.example/v1 pools", "networking.k8s.io/v1 NetworkPolicy"]);
  expect(parseAllDocuments(files["source-instances.yaml"] ?? "")).toHaveLength(1);
});
