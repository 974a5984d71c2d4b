import { expect, test } from "vitest";
import { type GivenSource, rightsFor } from "../../../src/commands/usual-rights.ts";
import type { SourceDirectory, SourceRights } from "../../../src/engine/model/ports/source-directory.ts";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { directoryOf, removalOf, sourceOf } from "../../../src/engine/sources/registry.ts";
import { rightsUpTo } from "../../../src/kube/ports/rights.ts";
import { aChart } from "../../support/a-chart.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { inWords } from "../../support/said.ts";
import { bridge } from "../../support/sources/bridge.ts";
import { aBridgeCluster, bridgeDaemon } from "../../support/sources/bridge-cluster.ts";

const known = [flannel, bridge];
const cluster = aBridgeCluster;

test("each of two sources is recognised where it runs, and the other is not known where it is not registered", () => {
  expect(detectSource(cluster(), known).id).toBe("bridge");
  expect(detectSource(aFlannelCluster().facts, known).id).toBe("flannel");
  expect(inWords(() => detectSource(cluster(), [flannel]))).toThrow(/moves clusters away from Flannel$|Found no/);
});

test("a plan says of its source what the source wrote, and names no other", () => {
  const hash = (text: string) => `${text.length}`;
  const plan = makePlan(cluster(), defaultPlanInput, { chart: aChart, now: () => 0, hash, sources: known });
  expect(plan.source).toMatchObject({ id: "bridge", name: "Bridge", version: "1.2.0", encapsulations: [] });
  expect(plan.rollbackUntil).toContain("until Bridge is removed");
  expect(plan.changes.map(({ what }) => what).join("\n")).toContain("beside Bridge: it takes over nothing");
  expect(plan.cilium.tunnelPort).toBe(8472);
  const names = plan.changes.filter(({ phase }) => phase === "clean-nodes").map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["br-pods", "BRIDGE-*", "/var/lib/cni/networks/pods/*"]));
  expect(names.join("\n")).not.toMatch(/undefined|^$/m);
  expect(JSON.stringify(plan)).not.toMatch(/flannel/i);
});

test("the rights are those for a source's objects and its own steps, and its namespace is listed only where it is its own", () => {
  const wanted = (source: SourceRights) =>
    rightsUpTo("finalize", { ciliumNamespace: "kube-system", configMaps: [], source });
  const rights = (workloads: Parameters<SourceDirectory["rights"]>[0]) => directoryOf(known).rights(workloads);
  const removing = wanted(rights([bridgeDaemon])).filter(({ stage }) => stage === "finalize");
  expect(new Set(removing.flatMap(({ names }) => names))).toEqual(new Set(["bridge-cni"]));
  expect(wanted(rights([bridgeDaemon])).some(({ place }) => place === "source")).toBe(false);
  const patched = (source: SourceRights) =>
    wanted(source).flatMap(({ verbs, names }) =>
      verbs.includes("patch") && names?.includes("bridge-cni") ? names : [],
    );
  expect(patched(rights([bridgeDaemon]))).toEqual(["bridge-cni"]);
  expect(patched(directoryOf([flannel]).rights([]))).toEqual([]);
  const listed = wanted(rights([])).flatMap(({ place, namespace }) => (place === "source" ? [namespace] : []));
  expect(listed).toEqual(["kube-flannel"]);
});

test("rights that are printed are those of the source that is named, and of every one where none is", () => {
  const daemonSets = (given: GivenSource) =>
    rightsFor("kube-system", given, known).source.objects.flatMap(({ kind, name, namespace }) =>
      kind === "DaemonSet" ? [`${namespace}/${name}`] : [],
    );
  expect(daemonSets({})).toEqual(["kube-flannel/kube-flannel-ds", "kube-system/bridge-cni"]);
  expect(daemonSets({ id: "bridge" })).toEqual(["kube-system/bridge-cni"]);
  expect(daemonSets({ id: "bridge", namespace: "net", daemonSets: ["b1", "b2"] })).toEqual(["net/b1", "net/b2"]);
  expect(inWords(() => daemonSets({ namespace: "net" }))).toThrow("say where one source CNI lives");
  expect(inWords(() => daemonSets({ id: "weave" }))).toThrow("--source weave is no source CNI that is known");
});

test("Calico's steps have the rights of how it was installed, those on finalizers for the removal alone, and Canal's have none", () => {
  const patched = (given: GivenSource) =>
    rightsFor("kube-system", given).source.ofSteps.flatMap(({ verbs, resource, stage = "operate" }) =>
      verbs.includes("patch") ? [`${stage} ${resource}`] : [],
    );
  const finalizers = ["finalize ippools", "finalize tiers"];
  const ofManifest = ["operate daemonsets", "operate deployments", ...finalizers];
  expect(new Set(patched({ id: "calico" }))).toEqual(new Set(ofManifest));
  const byOperator = patched({ id: "calico", namespace: "calico-system" });
  expect(byOperator.filter((right) => right.startsWith("operate"))).toEqual([
    "operate deployments",
    "operate installations",
  ]);
  expect(byOperator).toEqual(expect.arrayContaining(["finalize clusterroles", "finalize apiservers", ...finalizers]));
  expect(rightsFor("kube-system", { id: "canal" }).source.ofSteps).toEqual([]);
});

test("a plan of a source that this build does not know is refused by its name", () => {
  const source = detectSource(cluster(), known);
  expect(inWords(() => sourceOf(source, [flannel]))).toThrow(
    "The plan moves this cluster away from Bridge, which this version of crossfade does not know",
  );
  expect(removalOf(source, known).objects.map(({ kind }) => kind)[0]).toBe("DaemonSet");
});
