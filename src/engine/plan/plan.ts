import type { CheckResult } from "../model/check-result.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts } from "../model/facts.ts";
import { canonicalJson } from "../model/plan/canonical-json.ts";
import {
  type CiliumTarget,
  defaultRunOptions,
  type OutsideNode,
  type Plan,
  type PlannedNode,
  type PlannedValues,
  type RunOptions,
  type SourceFacts,
} from "../model/plan-types.ts";
import type { Charts } from "../model/ports/charts.ts";
import { reason } from "../model/reason.ts";
import { wantedMode } from "../observe/policies/enforcement.ts";
import { gitOpsOf } from "../owners/gitops.ts";
import { scalableManagers } from "../owners/node-managers.ts";
import { hasPolicies } from "../policies/enforced-kinds.ts";
import { few, ok, warning } from "../preflight/check.ts";
import { preflight } from "../preflight/preflight.ts";
import { detectSource } from "../sources/detect.ts";
import { plannedSteps, sources as registered, removalOf, sourceOf, stepsOf } from "../sources/registry.ts";
import type { Source } from "../sources/source.ts";
import type { SourceSteps } from "../sources/source-step.ts";
import { checkUserValues, mergeUserValues, schemaProblems } from "../values/user-values.ts";
import { valuesDifference, valuesYaml } from "../values/values.ts";
import { chartResult, type FoundChart, findChart, isRead } from "./chart.ts";
import { enforceEstimateMs, hybridPhaseMs, nodeEstimateMs, runEstimateMs } from "./estimate.ts";
import { orderNodes } from "./order.ts";
import type { PlanInput } from "./plan-input.ts";
import { type ChangesInput, plannedChanges } from "./planned-changes.ts";
import { outsideNodes, without } from "./taking-part.ts";
import { chooseTarget } from "./target.ts";
import { waysResult } from "./ways.ts";

/** What a plan takes from outside: the time, sha-256 of a text as hex, the chart of its target, and the sources that are known. */
export interface PlanDeps {
  /** Those of the registry where left out. */
  readonly sources?: readonly Source[];
  readonly now: () => number;
  readonly hash: (text: string) => string;
  readonly chart: FoundChart;
}

/** Only what RunOptions names: the rest of the input shows in the target and the values. */
function optionsOf(input: PlanInput, outside: readonly OutsideNode[]): RunOptions {
  const options = Object.fromEntries(Object.entries(input).filter(([key]) => key in defaultRunOptions));
  // To exclude what takes no part anyway must not have the end wait for it.
  const exclude = input.exclude.filter((name) => outside.every((node) => node.name !== name));
  return { ...defaultRunOptions, ...(options as Partial<RunOptions>), exclude };
}

const inAllMs = (steps: readonly { readonly typicalMs: number }[]) =>
  steps.reduce((sum, { typicalMs }) => sum + typicalMs, 0);

function plannedNodes(facts: ClusterFacts, options: RunOptions, { node: own }: SourceSteps): readonly PlannedNode[] {
  return orderNodes(facts, options.exclude).map(({ node, turn, podsToMove }) => ({
    name: node.name,
    turn,
    podsToMove,
    estimateMs: nodeEstimateMs(podsToMove, options, inAllMs(own)),
  }));
}

function plannedValues(target: CiliumTarget, input: PlanInput): PlannedValues {
  const initial = mergeUserValues(target, "initial", input.userValues);
  const final = mergeUserValues(target, "final", input.userValues);
  return {
    initial,
    final,
    initialYaml: valuesYaml(initial, target, "initial"),
    finalYaml: valuesYaml(final, target, "final"),
    difference: valuesDifference(initial, final),
  };
}

function valuesResult(warnings: readonly string[], given: boolean): CheckResult {
  const check = "user-values";
  if (warnings.length > 0) return { check, ...warning("values-file-doubtful", few(warnings, 2), warnings) };
  return { check, ...(given ? ok("values-file-usable", {}) : ok()) };
}

const rollbackUntil = ({ name }: SourceFacts): string =>
  `Every node, and the whole run, can be rolled back until ${name} is removed (step remove-source, which asks for the cluster's name); after that there is no way back.`;

const clusterOf = (facts: ClusterFacts): Plan["cluster"] => ({
  context: facts.context,
  server: facts.server,
  uid: facts.clusterUid,
  kubernetesVersion: facts.kubernetesVersion,
  serviceCidrs: facts.serviceCidrs,
});

/** The facts of the nodes that are to be moved. Throws BLOCKED where there are none. */
function takingPart(facts: ClusterFacts, outside: readonly OutsideNode[]): ClusterFacts {
  const members = without(
    facts,
    outside.map(({ name }) => name),
  );
  if (members.nodes.length === 0) {
    throw new CrossfadeError("BLOCKED", reason(facts.nodes.length === 0 ? "no-nodes" : "no-member-to-move", {}));
  }
  return members;
}

/** What was asked for beside the migration itself: owners held still, a second round of restarts. */
function besides(facts: ClusterFacts, source: SourceFacts, input: PlanInput): Pick<Plan, "frozen" | "secondRound"> {
  return {
    ...(input.freezeOwners ? { frozen: [...scalableManagers(facts), ...gitOpsOf(facts, source)] } : {}),
    ...(input.secondRound ? { secondRound: true } : {}),
  };
}

type EstimateInput = Pick<PlanInput, "secondRound"> & Pick<ChangesInput, "enforcement" | "hasPolicies">;

function estimateOf(nodes: readonly PlannedNode[], own: SourceSteps, input: EstimateInput): number {
  const { secondRound, enforcement, hasPolicies: any } = input;
  const each = nodes.map(({ estimateMs }) => estimateMs);
  const comesApart = enforcement === "always" || (enforcement !== "never" && any);
  const enforcing = comesApart ? enforceEstimateMs(nodes.length) : 0;
  const again = secondRound ? each.reduce((sum, ms) => sum + ms, 0) : 0;
  return runEstimateMs(each, inAllMs(own.run) + again + enforcing);
}

/**
 * Decides all that will be done, before anything is touched. Throws NO_SOURCE, VALUES_REFUSED, USAGE or BLOCKED where no
 * plan can be made at all; what stands against a plan that can be made is in its checkResults.
 */
export function makePlan(facts: ClusterFacts, input: PlanInput, deps: PlanDeps): Plan {
  const { sources = registered } = deps;
  const source = detectSource(facts, sources);
  const outside = outsideNodes(facts, source);
  const members = takingPart(facts, outside);
  const target = chooseTarget(facts, source, input);
  const chart = isRead(deps.chart) ? deps.chart : null;
  const cilium: CiliumTarget = chart === null ? target : { ...target, chartDigest: chart.digest };
  const warnings = checkUserValues(input.userValues ?? {}, { target, source, chart });
  const options = optionsOf(input, outside);
  const held = besides(facts, source, input);
  const own = stepsOf({ source, ...held }, sources);
  const sourceSteps = plannedSteps(own);
  const from = sourceOf(source, sources);
  const nodes = plannedNodes(members, options, own);
  const values = plannedValues(cilium, input);
  const policies = { enforcement: wantedMode({ values }), hasPolicies: hasPolicies(facts.policies) };
  const namespaceOfOthers = facts.ownNamespace === "others";
  const body = {
    version: 1,
    cluster: clusterOf(facts),
    source,
    ...(sourceSteps.length > 0 ? { sourceSteps } : {}),
    cilium,
    ...held,
    ...(namespaceOfOthers ? { namespaceOfOthers } : {}),
    nodes,
    outside,
    options,
    values,
    changes: plannedChanges({
      source,
      removal: removalOf(source, sources),
      own,
      cilium,
      nodes,
      options,
      confFiles: [...new Set(facts.workloads.flatMap((it) => it.confFiles))],
      namespaceOfOthers,
      ...policies,
    }),
    rollbackUntil: rollbackUntil(source),
    estimateMs: estimateOf(nodes, own, { ...input, ...policies }),
  } as const;
  return {
    ...body,
    hash: deps.hash(canonicalJson(body)),
    at: deps.now(),
    checkResults: [
      ...preflight({ facts, source, target: cilium, options: input, from, hybridMs: hybridPhaseMs(nodes) }),
      chartResult(deps.chart, cilium, chart === null ? [] : schemaProblems(chart, target)),
      waysResult({ members, source: source.name, options, estimateMs: body.estimateMs }),
      valuesResult(warnings, input.userValues !== undefined),
    ],
  };
}

/** Where a plan finds its chart. */
export interface PlanSources extends Omit<PlanDeps, "chart"> {
  readonly charts: Charts;
  readonly signal: AbortSignal;
}

/** The plan with the chart of its target, which is fetched for it. */
export async function planWithChart(facts: ClusterFacts, input: PlanInput, sources: PlanSources): Promise<Plan> {
  const { charts, signal, ...deps } = sources;
  const chart = await findChart(charts, chooseTarget(facts, detectSource(facts, deps.sources), input), signal);
  return makePlan(facts, input, { ...deps, chart });
}
