import { someOf } from "../../engine/model/some-of.ts";
import type { SayersOf } from "../said.ts";
import { troubleWords, untilStarted } from "./start-trouble-words.ts";

const byHelm = "helm";

/** Our own pods on these nodes. */
function ownPods(what: string, nodes: readonly string[], more: number) {
  const isOne = nodes.length + more === 1;
  return {
    text: `the ${what} ${isOne ? "pod" : "pods"} on ${someOf(nodes, 3, more)} to be Ready`,
    clearedBy: `${isOne ? "its" : "their"} DaemonSet`,
  };
}

/** What is waited for of Helm, of workloads and of their pods. */
export const workloadWords: SayersOf<
  | "release-missing"
  | "release-unfinished"
  | "release-values-differ"
  | "release-left"
  | "crds-missing"
  | "workload-missing"
  | "workload-not-restarted"
  | "workload-rolling-out"
  | "probes-not-ready"
  | "cleaners-not-ready"
  | "lookers-not-ready"
  | "daemonset-pod-not-ready"
  | "source-daemonset-missing"
  | "source-pod-missing"
  | "source-pod-not-recreated"
  | "source-pod-not-ready"
  | "source-pods-not-ready"
> = {
  "release-missing": () => ({ text: "the Helm release to be installed", clearedBy: byHelm }),
  "release-unfinished": ({ status }) => ({ text: `the Helm release, which is ${status}`, clearedBy: byHelm }),
  "release-values-differ": () => ({ text: "the Helm release to have the planned values", clearedBy: byHelm }),
  "release-left": () => ({ text: "the Helm release to be uninstalled", clearedBy: byHelm }),
  "crds-missing": ({ crds, more, trouble }, audience, { about }) =>
    untilStarted({ text: `the CRDs ${someOf(crds, 3, more)}`, clearedBy: "the Cilium operator" }, trouble, {
      audience,
      about,
    }),
  "workload-missing": ({ name }) => ({ text: `${name}, which is not there`, clearedBy: byHelm }),
  "workload-not-restarted": ({ name }) => ({ text: `${name} to be restarted`, clearedBy: "the engine" }),
  "workload-rolling-out": ({ name, updated, desired, ready, trouble }, audience, { about }) =>
    untilStarted(
      { text: `${name} to roll out (${updated} of ${desired} new, ${ready} Ready)`, clearedBy: "the rollout" },
      trouble,
      { audience, about },
    ),
  "probes-not-ready": ({ nodes, more, trouble }, audience, { about }) =>
    untilStarted(ownPods("probe", nodes, more), trouble, { audience, about }),
  "cleaners-not-ready": ({ nodes, more, trouble }, audience, { about }) =>
    untilStarted(ownPods("cleaner", nodes, more), trouble, {
      audience,
      about,
    }),
  "lookers-not-ready": ({ nodes, more, trouble }, audience, { about }) =>
    untilStarted(ownPods("network", nodes, more), trouble, { audience, about }),
  "daemonset-pod-not-ready": ({ namespace, pod, trouble }) => ({
    text: `${namespace}/${pod} to be Ready again, as its DaemonSet is on other nodes${troubleWords(trouble)}`,
    clearedBy: "the owner of that DaemonSet; or rolling the node back",
  }),
  "source-daemonset-missing": ({ namespace, name, of }) => ({
    text: `DaemonSet ${namespace}/${name} of the old CNI (of ${of}), which is gone`,
    clearedBy: "restoring it",
  }),
  "source-pod-missing": ({ daemonSets, node, trouble }, audience, { about }) =>
    untilStarted({ text: `a pod of ${daemonSets.join(", ")} on ${node}`, clearedBy: "its DaemonSet" }, trouble, {
      audience,
      about,
    }),
  "source-pod-not-recreated": () => ({ text: "the old CNI's pod to be recreated", clearedBy: "its deletion" }),
  "source-pod-not-ready": ({ pod, trouble }, audience, { about }) =>
    untilStarted({ text: `${pod} to be Ready`, clearedBy: "the old CNI" }, trouble, { audience, about }),
  "source-pods-not-ready": ({ daemonSets, nodes, more }) => ({
    text: `pods of DaemonSet ${daemonSets.join(", ")} on ${someOf(nodes, 3, more)} to be Ready`,
    clearedBy: "the old CNI",
  }),
};
