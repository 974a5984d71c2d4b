import type { nodeFindings } from "../../engine/model/reasons/findings/node-findings.ts";
import { type ChecksInWords, fewOf, found } from "./found.ts";

/** Whether the plan's way to restart a node can work. */
export const rebootWords: ChecksInWords<Pick<typeof nodeFindings, "reboot-method">> = {
  "reboot-method": {
    title: "Reboot method",
    finds: {
      "reboot-none": ({ source }) =>
        found(
          `No node is rebooted: pods are recreated, and rules of ${source} stay on the hosts until they are cleaned at the end`,
        ),
      "reboot-manual": () =>
        found(
          "The run waits at every node until you have rebooted it",
          "then confirm it as the run says: by key, or with crossfade retry --rebooted NODE",
        ),
      "reboot-kind": () => found("Nodes are restarted as kind containers; their boot ID stays the same"),
      "reboot-kind-unfit": (nodes) =>
        found(
          `--reboot kind restarts kind containers, which these nodes are not: ${fewOf(nodes)}`,
          "choose --reboot privileged-pod, command or none",
        ),
      "reboot-pod": () => found("A short-lived privileged pod in namespace crossfade reboots each node"),
      "reboot-pod-on-kind": (nodes) =>
        found(`A kind node does not come back from a reboot from within: ${fewOf(nodes)}`, "choose --reboot kind"),
      "reboot-pod-refused": (nodes) =>
        found(
          `The OS of some nodes lets no pod reboot it: ${fewOf(nodes)}`,
          "choose --reboot command, for example: --reboot-command 'talosctl reboot --nodes {address}'",
        ),
      "reboot-command": ({ command }) => found(`Each node is rebooted by: ${command}`),
      "reboot-command-missing": () =>
        found("--reboot command needs a command", "give it with --reboot-command 'ssh {address} sudo reboot'"),
      "reboot-command-unaddressed": () =>
        found(
          "The reboot command names neither {node} nor {address}, so it would do the same on every node",
          "put {node} or {address} in it, for example: ssh {address} sudo reboot",
        ),
    },
  },
};
