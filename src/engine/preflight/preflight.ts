import type { CheckResult } from "../model/check-result.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { CiliumTarget, SourceFacts } from "../model/plan-types.ts";
import { fewOf } from "../model/some-of.ts";
import { withoutOwnCordons } from "../plan/own-cordon.ts";
import type { PlanInput } from "../plan/plan-input.ts";
import { outsideNodes, without } from "../plan/taking-part.ts";
import type { Source } from "../sources/source.ts";
import type { Check, CheckInput, Finding } from "./check.ts";
import { cidrDisjoint } from "./network/cidr-disjoint.ts";
import { ciliumHostPorts } from "./network/cilium-host-ports.ts";
import { clientAddresses } from "./network/client-addresses.ts";
import { cniPaths } from "./network/cni-paths.ts";
import { existingCiliumCheck } from "./network/existing-cilium.ts";
import { hostPolicies } from "./network/host-policies.ts";
import { kubeProxy } from "./network/kube-proxy.ts";
import { metaCni } from "./network/meta-cni.ts";
import { mtu } from "./network/mtu.ts";
import { networkPolicies } from "./network/network-policies.ts";
import { nodeLocalDns } from "./network/node-local-dns.ts";
import { podHostPorts } from "./network/pod-host-ports.ts";
import { poolCapacity } from "./network/pool-capacity.ts";
import { serviceMesh } from "./network/service-mesh.ts";
import { servicesExternalLocal, servicesInternalLocal } from "./network/services-local.ts";
import { sourceHealthy } from "./network/source-healthy.ts";
import { sourceNamespace } from "./network/source-namespace.ts";
import { sourceOwner } from "./network/source-owner.ts";
import { sourceSupported } from "./network/source-supported.ts";
import { tunnelClash } from "./network/tunnel-clash.ts";
import { autoscaler } from "./nodes/autoscaler.ts";
import { capacity } from "./nodes/capacity.ts";
import { ciliumPlaces } from "./nodes/cilium-places.ts";
import { controlPlanes } from "./nodes/control-planes.ts";
import { distribution } from "./nodes/distribution.ts";
import { kernel } from "./nodes/kernel.ts";
import { nodeContradictions } from "./nodes/node-contradictions.ts";
import { nodesCordoned } from "./nodes/nodes-cordoned.ts";
import { nodesExcluded } from "./nodes/nodes-excluded.ts";
import { nodesReady } from "./nodes/nodes-ready.ts";
import { ownNode } from "./nodes/own-node.ts";
import { platform } from "./nodes/platform.ts";
import { rebootMethod } from "./nodes/reboot-method.ts";
import { admission } from "./tools/admission.ts";
import { apiConnection } from "./tools/api-connection.ts";
import { backup } from "./tools/backup.ts";
import { helmPresent } from "./tools/helm-present.ts";
import { helmRelease } from "./tools/helm-release.ts";
import { ownNamespace } from "./tools/own-namespace.ts";
import { permissions } from "./tools/permissions.ts";
import { orUncounted } from "./tools/uncounted.ts";
import { versionMatrix } from "./tools/version-matrix.ts";
import { barePods } from "./workloads/bare-pods.ts";
import { budgetsBlocked } from "./workloads/budgets-blocked.ts";
import { budgetsShared } from "./workloads/budgets-shared.ts";
import { emptyDirs } from "./workloads/empty-dirs.ts";
import { hostPaths } from "./workloads/host-paths.ts";
import { jobs } from "./workloads/jobs.ts";
import { pinnedPods } from "./workloads/pinned-pods.ts";
import { servedByPods } from "./workloads/served-by-pods.ts";
import { singleReplicas } from "./workloads/single-replicas.ts";
import { statefulSets } from "./workloads/stateful-sets.ts";
import { staticPods } from "./workloads/static-pods.ts";
import { stuckPods } from "./workloads/stuck-pods.ts";

/** Questions about any source, after what it answers itself; in the order in which they are shown: the network, the nodes, the tools, the workloads, the rest. */
const checks: readonly Check[] = [
  sourceHealthy,
  distribution,
  cidrDisjoint,
  poolCapacity,
  tunnelClash,
  mtu,
  ciliumHostPorts,
  ciliumPlaces,
  metaCni,
  cniPaths,
  kubeProxy,
  existingCiliumCheck,
  helmRelease,
  helmPresent,
  permissions,
  admission,
  backup,
  apiConnection,
  ownNamespace,
  versionMatrix,
  kernel,
  platform,
  nodeContradictions,
  nodesReady,
  nodesCordoned,
  nodesExcluded,
  controlPlanes,
  rebootMethod,
  ownNode,
  capacity,
  budgetsBlocked,
  budgetsShared,
  barePods,
  emptyDirs,
  hostPaths,
  staticPods,
  singleReplicas,
  statefulSets,
  jobs,
  stuckPods,
  pinnedPods,
  podHostPorts,
  servicesExternalLocal,
  servicesInternalLocal,
  clientAddresses,
  nodeLocalDns,
  networkPolicies,
  hostPolicies,
  servedByPods,
  serviceMesh,
  autoscaler,
  sourceOwner,
  sourceNamespace,
];

/** All questions about a cluster on this source. */
export const checksOf = (from: Source): readonly Check[] => [sourceSupported(from), ...checks, ...from.checks];

/** A result is recorded with the plan in one object of the cluster, so it names no more objects than this. */
const mostObjects = 50;

/** Checks whose blocker may be accepted by name: what time or an operator may clear, and no outage comes of waiting for. */
export const acceptableChecks: readonly string[] = checks
  .filter(({ acceptable }) => acceptable !== undefined)
  .map(({ id }) => id);

/** A blocker that was accepted by name stays in sight: as a warning that says so. */
function asAccepted({ id, acceptable }: Check, found: Finding, accept: readonly string[]): Omit<CheckResult, "check"> {
  if (found.level !== "blocker" || acceptable === undefined || !accept.includes(id)) return found;
  return { ...found, level: "warning", accepted: true };
}

function ask(check: Check, input: CheckInput): CheckResult {
  const found = asAccepted(check, orUncounted(check.id, check.check(input), input.facts), input.options.accept);
  return { check: check.id, ...found, objects: fewOf(found.objects, mostObjects) };
}

/** What is judged. */
export interface PreflightInput {
  readonly facts: ClusterFacts;
  readonly source: SourceFacts;
  readonly target: CiliumTarget;
  readonly options: PlanInput;
  /** The source that wrote these facts. */
  readonly from: Source;
  /** How long two networks will stand side by side, by the plan's estimate. */
  readonly hybridMs: number;
}

/** Judges the cluster before anything is touched; every check answers, also those that are content. */
export function preflight({ facts, source, target, options, from, hybridMs }: PreflightInput): readonly CheckResult[] {
  const outside = outsideNodes(facts, source);
  const names = outside.map(({ name }) => name);
  const exclude = options.exclude.filter((name) => !names.includes(name));
  const members = withoutOwnCordons(without(facts, names));
  const moving = without(members, exclude);
  const { addressAnnotations } = from;
  const input = {
    facts,
    members,
    moving,
    outside,
    source,
    addressAnnotations,
    ofSource: from.objects(source),
    target,
    options: { ...options, exclude },
    hybridMs,
  };
  return checksOf(from).map((check) => ask(check, input));
}
