import type { FoundCni } from "../../engine/model/reason.ts";
import { someOf } from "../../engine/model/some-of.ts";
import { failed, type SayersOf } from "../said.ts";

const setsWords = (daemonSets: readonly string[]): string => daemonSets.map((set) => `DaemonSet ${set}`).join(", ");

const cniWords = ({ name, daemonSets, nodes, more }: FoundCni): string =>
  `${name} (${setsWords(daemonSets)}) on ${nodes.length === 0 ? "no node" : someOf(nodes, 4, more)}`;

const found = (cnis: readonly FoundCni[]): string => cnis.map(cniWords).join("; ");

const keepAll = "Leave all of them in place: each may be what gives pods their addresses";

/** Why there is no source CNI to move from, or none that can be moved. */
export const sourceFailureWords: SayersOf<
  | "only-cilium-found"
  | "no-cni-found"
  | "cnis-on-own-nodes"
  | "cnis-on-same-nodes"
  | "cni-not-supported"
  | "source-unknown"
  | "source-steps-differ"
  | "source-embedded"
  | "source-traces-only"
  | "source-config-missing"
  | "source-config-unreadable"
  | "source-object-unreadable"
  | "source-objects-missing"
  | "source-backend-unknown"
> = {
  "only-cilium-found": ({ daemonSet }) =>
    failed(
      `Found Cilium (DaemonSet ${daemonSet}) and no other CNI: there is nothing to move`,
      "check the kubeconfig context with: crossfade --context NAME",
    ),
  "no-cni-found": ({ multus, known }) => {
    const beside =
      multus === null
        ? "Found no"
        : `Found only Multus (DaemonSet ${multus}), which stands in front of a CNI but is none, and no`;
    return failed(
      `${beside} CNI that runs as a DaemonSet in this cluster`,
      `check the context with: kubectl get daemonsets -A; this version moves clusters away from ${known.join(" and ")}`,
    );
  },
  "cnis-on-own-nodes": ({ cnis }) =>
    failed(
      `Found more than one CNI, each on nodes of its own: ${found(cnis)}; this version moves a cluster from one`,
      keepAll,
    ),
  "cnis-on-same-nodes": ({ cnis }) =>
    failed(
      `Found more than one CNI: ${found(cnis)}; which of them gives pods their addresses on the same nodes cannot be told`,
      `${keepAll}. On a node, the first file that ls /etc/cni/net.d lists is the one in use; one that is in use on no node may be removed with what installed it`,
    ),
  "cni-not-supported": ({ cni, daemonSets, why, advice }) =>
    failed(
      `Found ${cni}${daemonSets.length === 0 ? "" : ` (${setsWords(daemonSets)})`}, which this version cannot move: ${why}`,
      advice,
    ),
  "source-unknown": ({ source }) =>
    failed(
      `The plan moves this cluster away from ${source}, which this version of crossfade does not know`,
      "go on with the version that made the plan",
    ),
  "source-steps-differ": ({ source, step }) =>
    failed(
      `The plan moves this cluster away from ${source} by other steps than this version of crossfade takes${step === null ? "" : `: ${step} among them`}`,
      "go on with the version that made the plan",
    ),
  "source-embedded": ({ source, within }) =>
    failed(
      `Found ${source} inside the ${within} process, which this version cannot move: ${within} writes its configuration again at every start`,
      `wait for a version that supports ${within}; to remove its ${source} on a live cluster would cut pods off`,
    ),
  "source-traces-only": ({ source }) =>
    failed(
      `The nodes have ${source}'s annotations, but no DaemonSet runs ${source}: it was removed, or runs outside the cluster`,
      `find out what gives pods their addresses, and install nothing beside it; this version moves a ${source} that runs as a DaemonSet`,
    ),
  "source-config-missing": ({ source, daemonSet, namespace, configMap, key }) =>
    failed(
      `${source} runs as DaemonSet ${daemonSet}, but its ConfigMap ${namespace}/${configMap} has no ${key}, so its address range is not known`,
      `kubectl get configmap -n ${namespace}, and check that ${source} takes its configuration from ${configMap}`,
    ),
  "source-config-unreadable": ({ source, namespace, configMap, key, what }) =>
    failed(
      `${source}'s configuration in ConfigMap ${namespace}/${configMap} cannot be read: ${what}`,
      `kubectl get configmap -n ${namespace} ${configMap} -o yaml, and correct ${key}`,
    ),
  "source-object-unreadable": ({ source, kind, name, what }) =>
    failed(
      `${source}'s ${kind} ${name} cannot be read: ${what}`,
      `kubectl get ${kind.toLowerCase()}s ${name} -o yaml, and correct it`,
    ),
  "source-objects-missing": ({ source, kind }) =>
    failed(
      `${source} runs, but no enabled ${kind} can be seen: where its pods get their addresses is not known`,
      `kubectl get ${kind.toLowerCase()}s -o wide; where ${source} keeps them in etcd, this version cannot move it`,
    ),
  "source-backend-unknown": ({ source, backend, configMap, known }) =>
    failed(
      `${source} uses the backend "${backend}" (ConfigMap ${configMap}), which this version cannot move: it knows ${known.slice(0, -1).join(", ")} and ${known.at(-1) ?? ""}`,
      "wait for a version that knows it; to change the backend of a live cluster parts its nodes from each other, so do that only in a window for it",
    ),
};
