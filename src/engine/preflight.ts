import type { ClusterFacts } from "./facts.ts";
import { withoutOwnCordons } from "./own-cordon.ts";
import type { PlanInput } from "./plan/plan-input.ts";
import { outsideNodes, without } from "./plan/taking-part.ts";
import type { CiliumTarget, SourceFacts } from "./plan-types.ts";
import { apiConnection } from "./preflight/api-connection.ts";
import { autoscaler } from "./preflight/autoscaler.ts";
import { barePods } from "./preflight/bare-pods.ts";
import { budgetsBlocked } from "./preflight/budgets-blocked.ts";
import { budgetsShared } from "./preflight/budgets-shared.ts";
import { capacity } from "./preflight/capacity.ts";
import type { Check, CheckInput, Finding } from "./preflight/check.ts";
import { cidrDisjoint } from "./preflight/cidr-disjoint.ts";
import { ciliumHostPorts } from "./preflight/cilium-host-ports.ts";
import { ciliumPlaces } from "./preflight/cilium-places.ts";
import { cniPaths } from "./preflight/cni-paths.ts";
import { controlPlanes } from "./preflight/control-planes.ts";
import { distribution } from "./preflight/distribution.ts";
import { emptyDirs } from "./preflight/empty-dirs.ts";
import { existingCiliumCheck } from "./preflight/existing-cilium.ts";
import { helmPresent } from "./preflight/helm-present.ts";
import { helmRelease } from "./preflight/helm-release.ts";
import { hostPaths } from "./preflight/host-paths.ts";
import { jobs } from "./preflight/jobs.ts";
import { kernel } from "./preflight/kernel.ts";
import { kubeProxy } from "./preflight/kube-proxy.ts";
import { metaCni } from "./preflight/meta-cni.ts";
import { mtu } from "./preflight/mtu.ts";
import { networkPolicies } from "./preflight/network-policies.ts";
import { nodeContradictions } from "./preflight/node-contradictions.ts";
import { nodesCordoned } from "./preflight/nodes-cordoned.ts";
import { nodesExcluded } from "./preflight/nodes-excluded.ts";
import { nodesReady } from "./preflight/nodes-ready.ts";
import { ownNamespace } from "./preflight/own-namespace.ts";
import { ownNode } from "./preflight/own-node.ts";
import { permissions } from "./preflight/permissions.ts";
import { pinnedPods } from "./preflight/pinned-pods.ts";
import { platform } from "./preflight/platform.ts";
import { podHostPorts } from "./preflight/pod-host-ports.ts";
import { poolCapacity } from "./preflight/pool-capacity.ts";
import { rebootMethod } from "./preflight/reboot-method.ts";
import { servedByPods } from "./preflight/served-by-pods.ts";
import { serviceMesh } from "./preflight/service-mesh.ts";
import { singleReplicas } from "./preflight/single-replicas.ts";
import { sourceHealthy } from "./preflight/source-healthy.ts";
import { sourceNamespace } from "./preflight/source-namespace.ts";
import { sourceOwner } from "./preflight/source-owner.ts";
import { sourceSupported } from "./preflight/source-supported.ts";
import { statefulSets } from "./preflight/stateful-sets.ts";
import { staticPods } from "./preflight/static-pods.ts";
import { stuckPods } from "./preflight/stuck-pods.ts";
import { tunnelClash } from "./preflight/tunnel-clash.ts";
import { orUncounted } from "./preflight/uncounted.ts";
import { versionMatrix } from "./preflight/version-matrix.ts";
import type { Verdict } from "./verdict.ts";

/** All questions, in the order in which they are shown: the network, the nodes, the tools, the workloads, the rest. */
export const checks: readonly Check[] = [
  sourceSupported,
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
  networkPolicies,
  servedByPods,
  serviceMesh,
  autoscaler,
  sourceOwner,
  sourceNamespace,
];

/** A verdict is recorded with the plan in one object of the cluster, so it names no more objects than this. */
const mostObjects = 50;

function capped(objects: readonly string[]): readonly string[] {
  if (objects.length <= mostObjects) return objects;
  return [...objects.slice(0, mostObjects), `and ${objects.length - mostObjects} more`];
}

/** Checks whose blocker may be accepted by name: what time or an operator may clear, and no outage comes of waiting for. */
export const acceptableChecks: readonly string[] = checks
  .filter(({ acceptable }) => acceptable !== undefined)
  .map(({ id }) => id);

/** A blocker that was accepted by name stays in sight: as a warning that says so. */
function asAccepted({ id, acceptable }: Check, found: Finding, accept: readonly string[]): Finding {
  if (found.level !== "blocker" || acceptable === undefined || !accept.includes(id)) return found;
  return { ...found, level: "warning", message: `${found.message} (accepted: --accept ${id})`, remedy: acceptable };
}

function ask(check: Check, input: CheckInput): Verdict {
  const found = asAccepted(check, orUncounted(check.id, check.check(input), input.facts), input.options.accept);
  return { check: check.id, title: check.title, ...found, objects: capped(found.objects) };
}

/** Judges the cluster before anything is touched; every check answers, also those that are content. */
export function preflight(
  facts: ClusterFacts,
  source: SourceFacts,
  target: CiliumTarget,
  options: PlanInput,
): readonly Verdict[] {
  const outside = outsideNodes(facts, source);
  const names = outside.map(({ name }) => name);
  const exclude = options.exclude.filter((name) => !names.includes(name));
  const members = withoutOwnCordons(without(facts, names));
  const moving = without(members, exclude);
  const input = { facts, members, moving, outside, source, target, options: { ...options, exclude } };
  return checks.map((check) => ask(check, input));
}
