import { CrossfadeError } from "./errors.ts";
import type { ClusterFacts, NodeFacts, WorkloadFacts } from "./facts.ts";
import type { SourceFacts } from "./plan-types.ts";
import { type Found, isCiliumAgent, isMultus, runningCnis } from "./sources/fingerprints.ts";
import { readFlannel } from "./sources/flannel.ts";

const place = ({ namespace, name }: WorkloadFacts) => `DaemonSet ${namespace}/${name}`;
const whole = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const noSource = (message: string, remedy: string) => new CrossfadeError("NO_SOURCE", message, remedy);

/** k3s runs Flannel inside its own process and has no DaemonSet for it. */
function embedded(node: NodeFacts): boolean {
  return node.kubeletVersion.includes("+k3s") && "flannel.alpha.coreos.com/backend-type" in node.annotations;
}

/** Words for a cluster in which no source CNI runs. */
function nothingFound(facts: ClusterFacts): CrossfadeError {
  if (facts.nodes.some(embedded)) {
    return noSource(
      "Found Flannel inside the k3s process, which this version cannot move: k3s writes its configuration again at every start",
      "start k3s with --flannel-backend=none and Flannel's own manifest, or wait for a version that supports k3s",
    );
  }
  const cilium = facts.workloads.find((it) => isCiliumAgent(it) && it.desired > 0);
  if (cilium) {
    return noSource(
      `Found Cilium (${place(cilium)}) and no other CNI: there is nothing to move`,
      "check the kubeconfig context with: crossfade --context NAME",
    );
  }
  if (facts.nodes.some((node) => "flannel.alpha.coreos.com/backend-type" in node.annotations)) {
    return noSource(
      "The nodes bear Flannel's annotations, but no DaemonSet runs Flannel: it was removed, or runs outside the cluster",
      "install Flannel's manifest so that it can be managed, then run crossfade again",
    );
  }
  const meta = facts.workloads.find(isMultus);
  const beside = meta
    ? `Found only Multus (${place(meta)}), which stands in front of a CNI but is none, and no`
    : "Found no";
  return noSource(
    `${beside} CNI that runs as a DaemonSet in this cluster`,
    "check the context with: kubectl get daemonsets -A; this version moves clusters away from Flannel",
  );
}

function several(found: readonly Found[]): CrossfadeError {
  const names = found.map(({ fingerprint, workload }) => `${fingerprint.name} (${place(workload)})`);
  return noSource(
    `Found more than one CNI: ${names.join(" and ")}; which of them gives pods their addresses cannot be told`,
    "remove the DaemonSet that is a leftover, then run crossfade again",
  );
}

/** The CNI that the cluster runs on. Throws NO_SOURCE where there is none, more than one, or one that this version cannot move. */
export function detectSource(facts: ClusterFacts): SourceFacts {
  const found = runningCnis(facts);
  const [first] = found;
  if (!first) throw nothingFound(facts);
  if (found.length > 1) throw several(found);
  const { fingerprint, workload } = first;
  if (fingerprint.id === "flannel") return readFlannel(workload, facts);
  throw noSource(
    `Found ${fingerprint.name} (${place(workload)}), which this version cannot move: ${fingerprint.why}`,
    whole(fingerprint.remedy),
  );
}
