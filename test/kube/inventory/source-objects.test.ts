import { expect, test } from "vitest";
import { sourceObject } from "../../../src/kube/inventory/source-objects.ts";
import { workloadFacts } from "../../../src/kube/inventory/workload-facts.ts";
import type { KubeObject } from "../../../src/kube/objects/kube-object.ts";

test("an object of others is read as it is, and what is no object in it is empty", () => {
  const odd = { metadata: { name: "pool", managedFields: [{ manager: "kubectl" }] }, spec: "none", status: null };
  expect(sourceObject(odd as unknown as KubeObject)).toEqual({
    apiVersion: "",
    metadata: { name: "pool", labels: {}, annotations: {}, owners: [] },
    spec: {},
    status: {},
  });
  const whole = {
    apiVersion: "x/v1",
    metadata: { name: "a", namespace: "b", ownerReferences: [{ kind: "Installation", name: "default" }] },
    spec: { cidr: "10.0.0.0/8" },
  };
  expect(sourceObject(whole as unknown as KubeObject)).toMatchObject({
    metadata: { namespace: "b", owners: ["Installation default"] },
    spec: { cidr: "10.0.0.0/8" },
  });
});

test("of a container's environment only what is asked for is read, and no secret", () => {
  const env = [
    { name: "WANTED", value: "yes" },
    { name: "PASSWORD", value: "hunter22" },
    { name: "FROM", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ];
  const object = { metadata: { name: "a" }, spec: { template: { spec: { containers: [{ image: "i", env }] } } } };
  expect(workloadFacts("DaemonSet", object, ["WANTED", "FROM"]).env).toEqual({ WANTED: "yes" });
  expect(workloadFacts("DaemonSet", object).env).toEqual({});
});
