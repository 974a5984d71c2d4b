import type { networkFindings } from "../../engine/model/reasons/findings/network-findings.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type ChecksInWords, fewOf, found, inBrackets, listed } from "./found.ts";

/** What may be there of a Cilium already, and how the run can go on from it. */
export const existingCiliumWords: ChecksInWords<Pick<typeof networkFindings, "existing-cilium">> = {
  "existing-cilium": {
    title: "Existing Cilium installation",
    ok: "No Cilium is installed",
    finds: {
      "cilium-chained": ({ mode, release, namespace }) =>
        found(
          `Cilium is chained to another CNI (cni-chaining-mode ${mode}), and moving from chained mode is untested`,
          `helm uninstall ${release} -n ${namespace}, restart the nodes one by one, then run crossfade again`,
        ),
      "cilium-in-charge": ({ release }) =>
        found(
          "Cilium is installed in charge of every node: each agent that restarts takes its node over, drained or not",
          `helm upgrade ${release} with cni.customConf=true if no node was taken over yet, else finish that move by hand`,
        ),
      "cilium-values-unfit": ({ values, found: set, wanted, release, namespace }) =>
        found(
          `Cilium is installed beside the old CNI, but ${values.map((path, index) => `${path} is ${set[index]} and must be ${wanted[index]}`).join(" and ")}`,
          `helm upgrade ${release} -n ${namespace} --reuse-values with the values named, restart ds/cilium, then run crossfade again`,
        ),
      "cilium-pool-unfit": ({ pool, release, namespace }) =>
        found(
          `Cilium's pool is "${pool}", and only a pool of exactly one range can be taken over`,
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
        found(
          "CRDs of an earlier Cilium are left; they are used again",
          "kubectl get crds | grep cilium.io, to look at them",
        ),
      "cilium-release-without-agents": ({ status, release, namespace }) =>
        found(
          `The helm release ${release}${inBrackets([status])} has no agents; it is installed again`,
          `helm history ${release} -n ${namespace}, to see why`,
        ),
      "cilium-node-ranges-left": ({ cidr, ...nodes }) =>
        found(
          `CiliumNodes of an earlier Cilium keep ranges outside of ${cidr}: ${fewOf(nodes)}`,
          "kubectl delete ciliumnodes --all, then run crossfade again",
        ),
      "cilium-node-ranges-kept": ({ cidr, ...nodes }) =>
        found(
          `Nodes have ranges outside of ${cidr}: ${fewOf(nodes)}`,
          "leave --pod-cidr away: Cilium keeps the pool that it has",
        ),
      "cilium-node-configs-foreign": (configs) =>
        found(
          `CiliumNodeConfig ${fewOf(configs)} enables Cilium on nodes by rules of its own`,
          "kubectl delete ciliumnodeconfig -n NAMESPACE NAME",
        ),
      "nodes-labelled-early": (nodes) =>
        found(
          `${counted(nodes.count, "node")} with the label that hands nodes to Cilium${inBrackets(nodes.count === 0 ? [] : [listed(nodes)])} would be taken over undrained`,
          "kubectl label node NODE io.cilium.migration/cilium-default-",
        ),
      "cilium-secondary": ({ version, asked, source, cidr, ...nodes }) => {
        const other = asked === null ? "" : ` (not ${asked}: a migration is no upgrade)`;
        const early =
          nodes.count === 0
            ? ""
            : `; ${counted(nodes.count, "node")} labelled for Cilium already (${listed(nodes)}): drained and verified like the others`;
        return found(
          `Cilium ${version} is installed beside ${source} already${other}: the run goes on with it and its pool ${cidr}${early}`,
          "compare its values with: crossfade plan --values DIR",
        );
      },
    },
  },
};
