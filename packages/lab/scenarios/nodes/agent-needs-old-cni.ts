import type { Scenario } from "../scenario.ts";
import { plants, podOf, shop } from "../workloads/odd-pods.ts";

const name = "net-accounting";
const template = podOf({
  name,
  spec: {
    tolerations: [{ operator: "Exists" }],
    hostNetwork: true,
    volumes: [{ name: "cni", hostPath: { path: "/etc/cni/net.d" } }],
    initContainers: [
      {
        name: "find-bridge",
        image: "busybox:1.37",
        command: ["ip", "link", "show", "cni0"],
        volumeMounts: [{ name: "cni", mountPath: "/etc/cni/net.d", readOnly: true }],
      },
    ],
  },
});

/** It works on every node, and on none once that is moved. */
export const agentNeedsOldCni: Scenario = {
  name: "agent-needs-old-cni",
  summary: "a DaemonSet looks for the old CNI's bridge at its start, and crash-loops without it",
  answer:
    "Warns before the run who mounts the CNI's folders. On the first node that is moved the step verify waits, naming the pod and its last log line; after five minutes the node fails, cordoned, and the run stops.",
  options:
    "Roll the node back, and the DaemonSet works again; or have it fixed and retry; or remove it; or skip the node.",
  begin: plants([
    "apps/daemonsets",
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, namespace: shop },
      spec: { selector: { matchLabels: { app: name } }, template },
    },
  ]),
};
