import { expect, test } from "vitest";
import { leftOfSource } from "../../../src/engine/cleaning/source-objects.ts";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import { daemonSetNames, isOfSource, isPodOfSource } from "../../../src/engine/model/plan/source-workloads.ts";
import type { SourceFacts } from "../../../src/engine/model/plan-types.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { outsideNodes } from "../../../src/engine/plan/taking-part.ts";
import { sourceHealthy } from "../../../src/engine/preflight/network/source-healthy.ts";
import { sourceOwner } from "../../../src/engine/preflight/network/source-owner.ts";
import { aSource } from "../../support/a-source.ts";
import { aCluster, anywhere, aPod, aWorkload, ownedBy } from "../../support/facts.ts";
import { textOf } from "../../support/log-line.ts";

/** As an operator sets a CNI up: daemons here, controllers there. */
const source: SourceFacts = {
  ...aSource,
  name: "Spread",
  namespace: "net-system",
  workloads: [
    { kind: "DaemonSet", namespace: "net-system", name: "net-node" },
    { kind: "DaemonSet", namespace: "net-edge", name: "net-node-arm64" },
    { kind: "Deployment", namespace: "net-operator", name: "net-operator" },
  ],
};
const operator = aWorkload("Deployment", "net-operator", "net-operator", {
  desired: 1,
  ready: 0,
  annotations: { "meta.helm.sh/release-name": "net" },
});
const cluster = aCluster()
  .withNodes(2)
  .withWorkloads(
    aWorkload("DaemonSet", "net-system", "net-node", { desired: 1, ready: 1, placement: anywhere }),
    aWorkload("DaemonSet", "net-edge", "net-node-arm64", { desired: 1, ready: 1 }),
    operator,
  ).facts;
const judged = { facts: cluster, moving: cluster, source, options: defaultPlanInput } as unknown as Parameters<
  typeof sourceHealthy.check
>[0];

test.each<readonly [string, string, string, boolean]>([
  ["its DaemonSet's", "net-system", "net-node", true],
  ["its other DaemonSet's, in another namespace", "net-edge", "net-node-arm64", true],
  ["a namesake's in a namespace of its own", "net-edge", "net-node", false],
  ["a stranger's", "default", "net-node", false],
])("a pod is the source's where it is %s", (_whose, namespace, name, is) => {
  expect(isPodOfSource(source, { namespace, owner: ownedBy("DaemonSet", name) })).toBe(is);
});

test("a Deployment of the source's is its workload, and serves no node", () => {
  expect(isOfSource(source, operator)).toBe(true);
  expect(isOfSource(source, { ...operator, kind: "StatefulSet" })).toBe(false);
  expect(daemonSetNames(source)).toEqual(["net-system/net-node", "net-edge/net-node-arm64"]);
});

test("a node takes part where any DaemonSet of the source serves it", () => {
  const served = aPod("net-edge", "net-node-arm64-x", {
    node: cluster.nodes[0]?.name ?? "",
    owner: ownedBy("DaemonSet", "net-node-arm64"),
  });
  expect(outsideNodes({ ...cluster, pods: [served] }, source)).toEqual([]);
});

test("preflight looks at all of them: a controller that is down, and who puts it back", () => {
  expect(JSON.stringify(sourceHealthy.check(judged))).toContain("net-operator/net-operator");
  expect(JSON.stringify(sourceOwner.check(judged))).toContain("the helm release (net)");
});

test("each namespace that may go is looked at by itself", async () => {
  const space = (name: string) => ({ apiVersion: "v1", kind: "Namespace", namespace: null, name });
  const objects = [space("net-system"), space("net-operator")];
  const theirs = { apiVersion: "v1", kind: "Secret", name: "theirs", owners: [], serviceAccount: "", managedBy: "" };
  const workloads = {
    existing: () => Promise.resolve(objects),
    contents: (name: string) => Promise.resolve({ objects: name === "net-system" ? [theirs] : [], unknown: [] }),
    terminating: () => Promise.resolve(null),
  };
  const logged: string[] = [];
  const scope = {
    ports: { workloads },
    removal: { objects },
    memory: new StepMemory(),
    log: (_level: string, note: Note) => logged.push(textOf({ note })),
  };
  expect(await leftOfSource(scope as unknown as RunScope)).toEqual([space("net-operator")]);
  expect(logged).toEqual(["Namespace net-system stays: it holds what is not the source's: Secret theirs"]);
});
