import type { networkFindings } from "../../engine/model/reasons/findings/network-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, either, fewOf, found, inBrackets, listed } from "./found.ts";

/** What may be there of a Cilium already, and how the run can go on from it. */
export const existingCiliumWords: ChecksInWords<Pick<typeof networkFindings, "existing-cilium">> = {
  "existing-cilium": {
    title: "Existing Cilium installation",
    ok: "No Cilium is installed",
    finds: {
      "cilium-chained": ({ mode, release, namespace }) =>
        found(
          `Cilium is chained to another CNI (cni-chaining-mode ${mode}), and migrating from chained mode is untested`,
          `helm uninstall ${release} -n ${namespace}, restart the nodes one by one, then run crossfade again`,
        ),
      "cilium-in-charge": ({ release }) =>
        found(
          "Cilium is installed as the CNI of every node: each agent that restarts takes over its node, drained or not",
          `helm upgrade ${release} with cni.customConf=true if no agent has taken over its node yet, otherwise finish that migration by hand`,
        ),
      "cilium-values-unfit": ({ values, found: set, wanted, release, namespace }) =>
        found(
          `Cilium is installed beside the old CNI, but ${values.map((path, index) => `${path} is ${set[index]} and must be ${wanted[index]}`).join(" and ")}`,
          `helm upgrade ${release} -n ${namespace} --reuse-values with these values, restart ds/cilium, then run crossfade again`,
        ),
      "cilium-pool-unfit": ({ pool, release, namespace }) =>
        found(
          `Cilium's pool is "${pool}", and only a pool of exactly one range can be adopted`,
          `helm uninstall ${release} -n ${namespace}, then run crossfade again`,
        ),
      "cilium-not-by-helm": ({ workload, namespace }) =>
        found(
          `Cilium runs as ${workload}, but no helm release in ${namespace} owns it, so helm cannot change it`,
          "let helm own it in secondary mode; remove it only once no node has its 05-cilium.conflist, or pods there lose their network",
        ),
      "cilium-config-unread": ({ workload, namespace }) =>
        found(
          `Cilium runs as ${workload}, but its ConfigMap ${namespace}/cilium-config cannot be read`,
          `kubectl get configmap -n ${namespace} cilium-config; Crossfade can go on only with a Cilium in kube-system`,
        ),
      "cilium-crds-left": () =>
        found("CRDs of an earlier Cilium exist; they are reused", "to list them: kubectl get crds | grep cilium.io"),
      "cilium-release-without-agents": ({ status, release, namespace }) =>
        found(
          `The helm release ${release}${inBrackets([status])} has no agents; Cilium is installed again`,
          `to see why: helm history ${release} -n ${namespace}`,
        ),
      "cilium-node-ranges-left": ({ cidr, ...nodes }) =>
        found(
          `CiliumNodes of an earlier Cilium hold ranges outside ${cidr}: ${fewOf(nodes)}`,
          "kubectl delete ciliumnodes --all, then run crossfade again",
        ),
      "cilium-node-ranges-kept": ({ cidr, ...nodes }) =>
        found(`CiliumNodes hold ranges outside ${cidr}: ${fewOf(nodes)}`, "omit --pod-cidr: Cilium keeps its pool"),
      "cilium-node-configs-foreign": (configs) =>
        found(
          `CiliumNodeConfig ${fewOf(configs)} enables Cilium on nodes by its own selector`,
          "kubectl delete ciliumnodeconfig -n NAMESPACE NAME",
        ),
      "nodes-labelled-early": (nodes) =>
        found(
          `${counted(nodes.count, "node")} labelled for Cilium already${inBrackets(nodes.count === 0 ? [] : [listed(nodes)])}: ${either(nodes, "its agent", "their agents")} would take over without a drain`,
          "kubectl label node NODE io.cilium.migration/cilium-default-",
        ),
      "cilium-secondary": ({ version, asked, source, cidr, ...nodes }) => {
        const other = asked === null ? "" : ` (not ${asked}: a migration does not upgrade it)`;
        const early =
          nodes.count === 0
            ? ""
            : `; ${counted(nodes.count, "node")} labelled for it already (${listed(nodes)}), drained and verified like the others`;
        return found(
          `Cilium ${version} is already installed beside ${source}${other}: the run uses it and its pool ${cidr}${early}`,
          "compare its values with: crossfade plan --values DIR",
        );
      },
    },
  },
};
