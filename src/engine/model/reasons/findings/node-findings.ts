import type { CheckCodes } from "../check-codes.ts";
import { few, some } from "../param-kind.ts";

const ofSource = { source: "text" } as const;
const excluded = { ...some, outside: "number", noPart: "texts" } as const;

/** Checks of the nodes: what each may find, beside that all is well. */
export const nodeFindings = {
  autoscaler: {
    /** `scalable`: those that --freeze-owners would hold still. */
    "node-managers-run": { workloads: "texts", scalable: "texts" },
    "node-managers-not-frozen": { workloads: "texts" },
    /** An earlier run scaled them to zero, and nothing put them back. */
    "node-managers-left-frozen": { workloads: "texts" },
    "node-managers-frozen": { workloads: "texts" },
  },
  capacity: { "capacity-short": few, "only-one-node": {} },
  "cilium-places": {
    "operator-on-one-node": { node: "text" },
    "operator-without-node": { version: "text", ...few },
    /** `more` of the taints. */
    "nodes-without-agent": { ...some, taints: "texts", more: "number" },
  },
  "control-planes": {
    "control-planes-in-turn": { count: "number" },
    "control-planes-not-restarted": { count: "number" },
    "control-plane-single": { node: "text" },
    "control-planes-two": {},
  },
  distribution: {
    "openshift-owns-cni": {},
    "gke-restores-cni": {},
    "aks-owns-network": {},
    "eks-vpc-cni": {},
    "talos-restores-source": ofSource,
    "talos-blocks-agents": ofSource,
    "cni-folders-elsewhere": { distribution: "text", conf: "text", bin: "text" },
    "cni-folders-given": { distribution: "text" },
    "rke2-installs-cni": {},
    "k3s-beside-source": ofSource,
    "kops-applies-cni": {},
    "minikube-applies-cni": {},
  },
  kernel: {
    "kernel-too-old": { cilium: "text", needed: "text", ...some },
    "kernel-unknown": { needed: "text", ...some },
    "kernel-new-enough": { needed: "text" },
    /** Whether it has BTF only a pod can tell. */
    "kernel-new-enough-btf-later": { needed: "text", cilium: "text" },
  },
  "node-contradictions": { "nodes-contradict": some },
  "nodes-cordoned": { "nodes-cordoned-by-us": few, "nodes-cordoned": some },
  "nodes-excluded": {
    "exclude-unknown": few,
    "exclude-everything": {},
    /** `outside`: how many take no part, and the first of them. */
    "nodes-excluded": excluded,
    "nodes-outside": excluded,
  },
  "nodes-ready": { "no-node-to-move": {}, "nodes-all-ready": { count: "number" }, "nodes-unready": some },
  "own-node": { "own-node-last": { nodes: "texts" }, "own-node-restarts": { nodes: "texts" } },
  platform: { "nodes-not-linux": { ...ofSource, ...few }, "nodes-without-images": few },
  "reboot-method": {
    "reboot-none": ofSource,
    "reboot-manual": {},
    "reboot-kind": {},
    "reboot-kind-unfit": few,
    "reboot-pod": {},
    "reboot-pod-on-kind": few,
    "reboot-pod-refused": few,
    "reboot-command": { command: "text" },
    "reboot-command-missing": {},
    "reboot-command-unaddressed": {},
  },
} as const satisfies CheckCodes;
