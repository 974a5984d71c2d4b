import { expect, test } from "vitest";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput } from "../../../src/engine/plan/plan-input.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { flannel } from "../../../src/engine/sources/flannel/flannel.ts";
import { directoryOf, removalOf, sourceOf } from "../../../src/engine/sources/registry.ts";
import { rightsUpTo } from "../../../src/kube/ports/rights.ts";
import { aChart } from "../../support/a-chart.ts";
import { aFlannelCluster } from "../../support/facts.ts";
import { bridge } from "../../support/sources/bridge.ts";
import { aBridgeCluster, bridgeDaemon } from "../../support/sources/bridge-cluster.ts";

const known = [flannel, bridge];
const daemon = bridgeDaemon;
const cluster = aBridgeCluster;

test("each of two sources is recognised where it runs, and the other is not known where it is not registered", () => {
  expect(detectSource(cluster(), known).id).toBe("bridge");
  expect(detectSource(aFlannelCluster().facts, known).id).toBe("flannel");
  expect(() => detectSource(cluster(), [flannel])).toThrow(/moves clusters away from Flannel$|Found no/);
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

test("the rights to remove a source are those for its objects, and its namespace is listed only where it is its own", () => {
  const finalize = (workloads: readonly (typeof daemon)[]) => {
    const directory = directoryOf(known);
    const { configMaps } = directory;
    return rightsUpTo("finalize", { ciliumNamespace: "kube-system", configMaps, source: directory.rights(workloads) });
  };
  const removing = finalize([daemon]).filter(({ stage }) => stage === "finalize");
  expect(new Set(removing.flatMap(({ names }) => names))).toEqual(new Set(["bridge-cni"]));
  expect(finalize([daemon]).some(({ place }) => place === "source")).toBe(false);
  expect(finalize([]).some(({ place }) => place === "source")).toBe(true);
  expect(finalize([]).filter(({ resource, stage }) => resource === "namespaces" && stage === "finalize")).toEqual([
    expect.objectContaining({ names: ["kube-flannel"] }),
  ]);
});

test("a plan of a source that this build does not know is refused by its name", () => {
  const source = detectSource(cluster(), known);
  expect(() => sourceOf(source, [flannel])).toThrow(
    "The plan moves this cluster away from Bridge, which this version of crossfade does not know",
  );
  expect(removalOf(source, known).objects.map(({ kind }) => kind)[0]).toBe("DaemonSet");
});
