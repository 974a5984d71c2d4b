import type { CheckResult } from "../../../src/engine/model/check-result.ts";
import type { PodFacts } from "../../../src/engine/model/facts.ts";
import type { SourceFacts } from "../../../src/engine/model/plan-types.ts";
import { defaultPlanInput, type PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { chooseTarget } from "../../../src/engine/plan/target.ts";
import { preflight } from "../../../src/engine/preflight/preflight.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { sourceOf } from "../../../src/engine/sources/registry.ts";
import type { SaidCheck } from "../../../src/words/check-words.ts";
import { aBudget, aCluster, aFlannelCluster, aPod, aWorkload, type ClusterBuilder } from "../../support/facts.ts";
import { saidCheck } from "../../support/said-check.ts";

export function judge(
  cluster: ClusterBuilder,
  over: Partial<PlanInput> = {},
  ofSource: Partial<SourceFacts> = {},
): readonly (CheckResult & SaidCheck)[] {
  const { facts } = cluster;
  const input = { ...defaultPlanInput, ...over };
  const source = { ...detectSource(facts), ...ofSource };
  const target = chooseTarget(facts, source, input);
  return preflight({ facts, source, target, options: input, from: sourceOf(source), hybridMs: 540_000 }).map(saidCheck);
}

export function verdictOf(
  cluster: ClusterBuilder,
  check: string,
  over: Partial<PlanInput> = {},
  ofSource: Partial<SourceFacts> = {},
): CheckResult & SaidCheck {
  const found = judge(cluster, over, ofSource).find((result) => result.check === check);
  if (!found) throw new Error(`no result ${check}`);
  return found;
}

const flannelWith = (conf: unknown) => aCluster().withNodes(3).withFlannel(conf).withKubeProxy();
export const backend = (Backend: unknown, more: object = {}) =>
  flannelWith({ Network: "10.244.0.0/16", Backend, ...more });
export const running = (name: string, namespace = "kube-system") =>
  aFlannelCluster().withWorkloads(aWorkload("Deployment", namespace, name, { desired: 2 }));
export const daemon = (name: string) => aFlannelCluster().withWorkloads(aWorkload("DaemonSet", "kube-system", name));
export const withPod = (over: Partial<PodFacts>) => aFlannelCluster().withPods(aPod("default", "web-1", over));
export const handedOver = (cluster: ClusterBuilder) =>
  cluster.changeNode("worker-1", { labels: { "io.cilium.migration/cilium-default": "true" } });
export const nodeConfig = (name: string, matchLabels: Readonly<Record<string, string>>) => ({
  apiVersion: "cilium.io/v2",
  namespace: "kube-system",
  name,
  matchLabels,
  defaults: { "write-cni-conf-when-ready": "/host/etc/cni/net.d/05-cilium.conflist" },
});
export const flannelChanged = (over: object) => {
  const { facts } = aFlannelCluster();
  return aFlannelCluster().with({
    workloads: facts.workloads.map((it) => (it.name === "kube-flannel-ds" ? { ...it, ...over } : it)),
  });
};

export const guarded = (over: Parameters<typeof aBudget>[1] = {}) => withPod({}).withBudgets(aBudget("web", over));
export const closed = { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 };

/** One line of the tables: what a check answers, and when. */
export type Row = [
  check: string,
  level: CheckResult["level"],
  when: string,
  build: () => ClusterBuilder,
  over?: Partial<PlanInput>,
  ofSource?: Partial<SourceFacts>,
];

export const healthy = () => aFlannelCluster();
