import { expect, test } from "vitest";
import { parseFieldSelector } from "../../api/field-selector.ts";
import { builtinResources } from "../../store/builtin-resources.ts";
import type { Resource } from "../../store/resource.ts";

function resource(name: string): Resource {
  const found = builtinResources().find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no resource ${name}`);
  return found;
}

const objects = {
  pods: {
    metadata: { name: "p", namespace: "d" },
    spec: { nodeName: "n1" },
    status: { phase: "Running", podIP: "10.0.0.1" },
  },
  nodes: { metadata: { name: "n1" }, spec: {} },
  events: {
    metadata: { name: "e", namespace: "d" },
    involvedObject: { kind: "Pod", name: "p" },
    reason: "Killing",
    source: { component: "kubelet" },
  },
  secrets: { metadata: { name: "s", namespace: "d" }, type: "Opaque" },
} as const;

test.for([
  ["pods", "spec.nodeName=n1", true],
  ["pods", "spec.nodeName!=n1", false],
  ["pods", "spec.nodeName==n1,status.phase!=Succeeded", true],
  ["pods", "spec.nodeName=", false],
  ["pods", "status.podIP=10.0.0.1", true],
  ["pods", "spec.hostNetwork=false", true],
  ["pods", "metadata.name=p,metadata.namespace=d", true],
  ["nodes", "spec.unschedulable=false", true],
  ["nodes", "spec.unschedulable=true", false],
  ["events", "involvedObject.kind=Pod,involvedObject.name=p,reason=Killing", true],
  ["events", "source=kubelet", true],
  ["events", "involvedObject.uid=x", false],
  ["secrets", "type!=Opaque", false],
] as const)("%s with %s: %s", ([kind, selector, held]) => {
  const object = { apiVersion: "v1", kind: "X", ...structuredClone(objects[kind]) } as never;
  expect(parseFieldSelector(selector, resource(kind))?.(object)).toBe(held);
});

test.for([
  ["pods", "spec.image=x", "field label not supported: spec.image"],
  ["nodes", "metadata.namespace=x", "field label not supported: metadata.namespace"],
  ["pods", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
] as const)("%s refuses %s", ([kind, selector, message]) => {
  expect(() => parseFieldSelector(selector, resource(kind))).toThrow(message);
});
