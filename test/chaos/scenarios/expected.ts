/** What the run must say where it stands still for this scenario; one that is not here must end without a person. */
export const causes: Readonly<Record<string, RegExp>> = {
  "node-never-returns": /worker-\d to come back: its kubelet is silent since/,
  "node-back-same-boot": /worker-\d went down and came back with the same bootID/,
  "node-back-not-ready": /worker-\d to be Ready \(KubeletNotReady: \[container runtime is down\]\)/,
  "agent-crash-loops":
    /the Cilium agent on worker-\d crash-loops \(\d+ restarts\): exit code 1: failed to start: unable to load bpf/,
  "cni-file-lost":
    /05-cilium\.conflist on worker-\d: its agent says that it wrote it, and the node has 10-flannel\.conflist/,
  "old-address-again":
    /got 10\.244\.\d+\.\d+ from the old range again, though it was recreated 2 times: the container runtime of worker-\d/,
  "gitops-restores-source": /Argo CD \(.*\) brings DaemonSet kube-flannel\/kube-flannel-ds back after it was removed/,
  "gitops-prunes-node-config":
    /something deletes or changes CiliumNodeConfig kube-system\/cilium-default again and again/,
};

/** Nodes that somebody else cordons in it, and that must stay so. */
export const cordonedByOthers: Readonly<Record<string, readonly string[]>> = {
  "cordoned-by-others": ["control-plane-1", "worker-2"],
};

/** Where not even undo can be carried out while it lasts: the node is off, or something undoes the undo's own cordon. */
export const beyondUndo: ReadonlySet<string> = new Set(["node-never-returns", "node-back-not-ready"]);
