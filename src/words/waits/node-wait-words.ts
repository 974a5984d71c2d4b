import { someOf } from "../../engine/model/some-of.ts";
import type { SayersOf } from "../said.ts";
import { untilStarted } from "./start-trouble-words.ts";

const byApi = "the API server";

/** What is waited for of a Node object and of its machine's restart. */
export const nodeWaitWords: SayersOf<
  | "node-not-cordoned"
  | "node-uncordoned-by-others"
  | "node-still-cordoned"
  | "node-not-recorded"
  | "label-missing"
  | "label-removed"
  | "label-left"
  | "network-unavailable"
  | "node-not-rebooted"
  | "boot-id-unchanged"
  | "earlier-reboot-command"
  | "container-not-restarted"
  | "reboot-pod-left"
> = {
  "node-not-cordoned": () => ({ text: "the node to be marked unschedulable", clearedBy: byApi }),
  "node-uncordoned-by-others": () => ({ text: "the node to be cordoned again", clearedBy: byApi }),
  "node-still-cordoned": () => ({ text: "the node to be schedulable again", clearedBy: byApi }),
  "node-not-recorded": () => ({ text: "the node's state to be recorded", clearedBy: "the engine" }),
  "label-missing": ({ label }) => ({ text: `label ${label} to be set`, clearedBy: byApi }),
  "label-removed": ({ label }) => ({
    text: `label ${label} to be set again: it was removed`,
    clearedBy: "labelling the node again",
  }),
  "label-left": ({ label, nodes, more }) => ({
    text: `label ${label} to be removed from ${someOf(nodes, 3, more)}`,
    clearedBy: byApi,
  }),
  "network-unavailable": () => ({
    text: "condition NetworkUnavailable to clear",
    clearedBy: "the Cilium operator",
  }),
  "node-not-rebooted": ({ node, bootId, trouble }, audience, { about }) =>
    untilStarted(
      { text: `${node} to go down: it is up, and its bootID is still ${bootId}`, clearedBy: "the node's reboot" },
      trouble,
      { audience, about },
    ),
  "boot-id-unchanged": ({ node, bootId }) => ({
    text: `${node} to report a new bootID: it is back with ${bootId}`,
    clearedBy: "its kubelet",
  }),
  "earlier-reboot-command": ({ node }) => ({
    text: `${node} to restart: the engine before this one ran the command for it, and may have been ended in the middle of it`,
    clearedBy: "its restart, or time: then the command is run once more",
  }),
  "container-not-restarted": ({ node }) => ({ text: `the container of ${node} to restart`, clearedBy: "docker" }),
  "reboot-pod-left": ({ pod }) => ({ text: `our pod ${pod} to go`, clearedBy: "its deletion" }),
};
