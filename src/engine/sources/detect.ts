import { virtualMark } from "../model/cluster/virtual-node.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { named, type Reason, reason } from "../model/reason.ts";
import { fullName } from "../model/some-of.ts";
import { serves } from "../observe/serves.ts";
import { type Found, isCiliumAgent, isMultus, recognised, runningCnis, type Unsupported } from "./fingerprints.ts";
import { sources as registered } from "./registry.ts";
import type { Source, Trace } from "./source.ts";

const whole = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const noSource = (why: Reason) => new CrossfadeError("NO_SOURCE", why);

/** Words for a cluster in which no source CNI runs. */
function nothingFound(facts: ClusterFacts, known: readonly Source[]): CrossfadeError {
  const traces = known.flatMap((source) => source.traces(facts));
  const refusal = (kind: Trace["kind"]) => traces.find((trace) => trace.kind === kind)?.refusal;
  const embedded = refusal("embedded");
  if (embedded) return embedded;
  const cilium = facts.workloads.find((it) => isCiliumAgent(it) && it.desired > 0);
  if (cilium) return noSource(reason("only-cilium-found", { daemonSet: fullName(cilium) }));
  const left = refusal("left");
  if (left) return left;
  const meta = facts.workloads.find(isMultus);
  const multus = meta === undefined ? null : fullName(meta);
  return noSource(reason("no-cni-found", { multus, known: known.map(({ name }) => name) }));
}

/** The nodes that a DaemonSet serves: those with a pod of it, else those that it may run on. */
function servedBy(workload: WorkloadFacts, facts: ClusterFacts): readonly string[] {
  const own = facts.pods.filter(({ owner, node }) => owner?.uid === workload.uid && node !== null);
  if (own.length > 0) return [...new Set(own.map(({ node }) => node ?? ""))];
  return workload.desired === 0
    ? []
    : facts.nodes.filter((node) => serves(workload.placement, node)).map(({ name }) => name);
}

/** A CNI with all of its DaemonSets, and the nodes that they serve. */
interface Group {
  readonly fingerprint: Source | Unsupported;
  readonly workloads: readonly [WorkloadFacts, ...WorkloadFacts[]];
  readonly nodes: readonly string[];
}

const sameConfig = (one: WorkloadFacts, other: WorkloadFacts) =>
  one.configMaps.toSorted().join() === other.configMaps.toSorted().join();

const together = (one: readonly string[], other: readonly string[]) => one.filter((node) => other.includes(node));

/**
 * Some manifests have a DaemonSet for each architecture or system: of one kind, with one configuration and on nodes of their
 * own, they are one source.
 */
function grouped(found: readonly Found[], facts: ClusterFacts): readonly Group[] {
  const bySize = found
    .map(({ fingerprint, workload }) => ({ fingerprint, workload, nodes: servedBy(workload, facts) }))
    .toSorted((a, b) => b.nodes.length - a.nodes.length);
  const sources: Group[] = [];
  for (const { fingerprint, workload, nodes } of bySize) {
    const at = sources.findIndex(
      (source) =>
        source.fingerprint === fingerprint &&
        source.workloads[0].namespace === workload.namespace &&
        sameConfig(source.workloads[0], workload) &&
        together(source.nodes, nodes).length === 0,
    );
    const known = sources[at];
    if (known) sources[at] = { ...known, workloads: [...known.workloads, workload], nodes: [...known.nodes, ...nodes] };
    else sources.push({ fingerprint, workloads: [workload], nodes });
  }
  return sources;
}

/** Which of them serves a node only the nodes tell; to remove one that gives pods their addresses would cut these off. */
function several(sources: readonly Group[]): CrossfadeError {
  const cnis = sources.map(({ fingerprint: { name }, workloads, nodes }) => ({
    name,
    daemonSets: workloads.map(fullName),
    ...named(nodes),
  }));
  const shared = sources.some((one, index) =>
    sources.slice(index + 1).some((other) => together(one.nodes, other.nodes).length > 0),
  );
  return noSource(reason(shared ? "cnis-on-same-nodes" : "cnis-on-own-nodes", { cnis }));
}

/** The CNI that the cluster runs on. Throws NO_SOURCE where there is none, more than one, or one that this version cannot move. */
export function detectSource(facts: ClusterFacts, known: readonly Source[] = registered): SourceFacts {
  const machines = facts.nodes.filter((node) => virtualMark(node) === null);
  const linux = { ...facts, nodes: machines.filter(({ operatingSystem }) => operatingSystem !== "windows") };
  // A DaemonSet for Windows is no second source: its nodes are refused by name, by a check.
  const found = runningCnis(facts, known).filter(
    ({ workload }) => facts.nodes.length === 0 || servesAny(workload, linux),
  );
  const [source, ...others] = grouped(found, linux);
  if (!source) throw nothingFound(facts, known);
  if (others.length > 0) throw several([source, ...others]);
  const { fingerprint, workloads } = source;
  if (!("why" in fingerprint)) return fingerprint.read([...workloads, ...idleOnes(source, facts, known)], facts);
  const { name: cni, why, remedy } = fingerprint;
  throw noSource(reason("cni-not-supported", { cni, daemonSets: workloads.map(fullName), why, advice: whole(remedy) }));
}

const servesAny = (workload: WorkloadFacts, facts: ClusterFacts) => {
  const names = new Set(facts.nodes.map(({ name }) => name));
  const served = servedBy(workload, facts);
  return served.length === 0 || served.some((name) => names.has(name));
};

/** DaemonSets of the same manifest for architectures that the cluster does not have: they go with the others. */
function idleOnes(
  { fingerprint, workloads: [first] }: Group,
  facts: ClusterFacts,
  known: readonly Source[],
): readonly WorkloadFacts[] {
  return facts.workloads.filter(
    (it) =>
      it.kind === "DaemonSet" &&
      it.desired === 0 &&
      it.namespace === first.namespace &&
      sameConfig(it, first) &&
      recognised(it, facts, known) === fingerprint,
  );
}
