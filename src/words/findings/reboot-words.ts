import type { nodeFindings } from "../../engine/model/reasons/findings/node-findings.ts";
import { type ChecksInWords, fewOf, found } from "./found.ts";

/** Whether the plan's way to restart a node can work. */
export const rebootWords: ChecksInWords<Pick<typeof nodeFindings, "reboot-method">> = {
  "reboot-method": {
    title: "Reboot method",
    finds: {
      "reboot-none": ({ source }) =>
        found(
          `No node is restarted: pods are recreated, and the host keeps rules of ${source} until they are cleaned at the end`,
        ),
      "reboot-manual": () =>
        found("The run waits at every node until you restarted it", "tell it with the key that the node's hold names"),
      "reboot-kind": () => found("Nodes are restarted as kind's containers; their boot ID stays"),
      "reboot-kind-unfit": (nodes) =>
        found(
          `--reboot kind restarts containers, and these nodes are none: ${fewOf(nodes)}`,
          "choose --reboot privileged-pod, command or none",
        ),
      "reboot-pod": () => found("A short-lived privileged pod in Crossfade's own namespace restarts each node"),
      "reboot-pod-on-kind": (nodes) =>
        found(
          `A node of kind does not come back when it is told to reboot from within: ${fewOf(nodes)}`,
          "choose --reboot kind",
        ),
      "reboot-pod-refused": (nodes) =>
        found(
          `The system of some nodes lets no pod reboot it: ${fewOf(nodes)}`,
          "choose --reboot command, for example: --reboot-command 'talosctl reboot --nodes {address}'",
        ),
      "reboot-command": ({ command }) => found(`Each node is restarted by: ${command}`),
      "reboot-command-missing": () =>
        found("--reboot command needs a command", "give it with --reboot-command 'ssh {address} sudo reboot'"),
      "reboot-command-unaddressed": () =>
        found(
          "The reboot command names neither {node} nor {address}, so it would do the same for every node",
          "put {node} or {address} in it, for example: ssh {address} sudo reboot",
        ),
    },
  },
};
