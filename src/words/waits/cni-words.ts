import { counted, someOf } from "../../engine/model/some-of.ts";
import { type SayersOf, thenResume } from "../said.ts";

const byOperator = "the Cilium operator";

/** What is waited for of CNI files, CiliumNodes and pod addresses. */
export const cniWords: SayersOf<
  | "node-config-changed"
  | "node-config-missing"
  | "node-config-left"
  | "other-cni-files"
  | "source-conf-inactive"
  | "cni-files-left"
  | "pod-cidrs-missing"
  | "cilium-node-error"
  | "health-endpoint-missing"
  | "endpoint-not-ready"
  | "probe-not-on-cilium"
  | "probe-not-on-source"
  | "old-addresses-left"
  | "static-pods-left"
  | "btf-missing"
> = {
  "btf-missing": ({ version, nodes, more }) => ({
    text: `the kernel of ${someOf(nodes, 3, more)} to have BTF (/sys/kernel/btf/vmlinux), without which Cilium ${version} gives pods there no network`,
    clearedBy:
      "a kernel with CONFIG_DEBUG_INFO_BTF=y there; or roll the run back and choose --cilium-version 1.20.1 or older",
  }),
  "node-config-changed": ({ name }) => ({
    text: `CiliumNodeConfig ${name}, which was deleted or changed, to be written again`,
    clearedBy: "writing it again",
  }),
  "node-config-missing": ({ name }) => ({
    text: `CiliumNodeConfig ${name} to be created`,
    clearedBy: "the API server",
  }),
  "node-config-left": ({ name }) => ({ text: `CiliumNodeConfig ${name} to be deleted`, clearedBy: "the API server" }),
  "other-cni-files": ({ file, found }) => ({
    text: `${file} to be the only active CNI file (found ${found.join(", ") || "none"})`,
    clearedBy: "the agent",
  }),
  "source-conf-inactive": ({ file, found }) => ({
    text: `${file} to be the active CNI file (found ${found.join(", ") || "none"})`,
    clearedBy: "renaming it back, or the old CNI writing it",
  }),
  "cni-files-left": ({ files }) => ({
    text: `the CNI folder to be as it was (${files.join(", ") || "no file"})`,
    clearedBy: "renaming",
  }),
  "pod-cidrs-missing": ({ nodes, more }) => ({
    text: `CiliumNode ${someOf(nodes, 3, more)} to have podCIDRs`,
    clearedBy: byOperator,
  }),
  "cilium-node-error": ({ node, error }) => ({ text: `CiliumNode ${node}: ${error}`, clearedBy: byOperator }),
  "health-endpoint-missing": ({ node }) => ({
    text: `CiliumNode ${node} to have a health endpoint`,
    clearedBy: "the agent",
  }),
  "endpoint-not-ready": ({ state }) => ({
    text: `the probe pod's CiliumEndpoint to be ready${state === "" ? "" : ` (${state})`}`,
    clearedBy: "the agent",
  }),
  "probe-not-on-cilium": ({ node, address, ranges }) => ({
    text: `the probe pod on ${node} to have an address of ${ranges.join(", ") || "Cilium"} (it has ${address || "none"})`,
    clearedBy: "recreating it",
  }),
  "probe-not-on-source": ({ node, address, ranges }) => ({
    text: `the probe pod on ${node} to have an address of ${ranges.join(", ") || "the old CNI"} (it has ${address || "none"})`,
    clearedBy: "the old CNI",
  }),
  "old-addresses-left": ({ count, namespace, pod }) => ({
    text: `${counted(count, "pod")} with old addresses, ${namespace}/${pod} first`,
    clearedBy: "recreating them",
  }),
  "static-pods-left": ({ pods, more }, audience) => ({
    text: `static pods that only their kubelet can restart: ${someOf(pods, pods.length, more)}`,
    clearedBy: thenResume("rebooting the node, or moving their manifests away and back", audience),
  }),
};
