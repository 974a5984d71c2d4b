import { doing, retrying } from "../audience.ts";
import { failed, type SayersOf } from "../said.ts";

const ending = (said: string): string => (said === "" ? "." : `: ${said}.`);

/** Commands on nodes, and this machine. */
export const hostFailureWords: SayersOf<
  | "host-command-failed"
  | "cni-folder-crowded"
  | "agent-command-missing"
  | "agent-not-following"
  | "node-name-invalid"
  | "node-address-invalid"
  | "reboot-command-not-run"
  | "reboot-command-failed"
  | "probe-without-curl"
  | "probe-curl-unusable"
> = {
  "host-command-failed": ({ node, command, exitCode, said }, audience, { about }) =>
    failed(
      `${command} on ${node} failed with exit code ${exitCode}${ending(said)}`,
      `do it on ${node} by hand, then ${retrying(audience, about)}`,
    ),
  "cni-folder-crowded": ({ node, folder, files, most }) =>
    failed(
      `The folder of CNI configuration of ${node} holds ${files} files, which is more than ${most}.`,
      `clear out ${folder} of ${node}`,
    ),
  "agent-not-following": ({ node, waitsFor }) =>
    failed(
      `The Cilium agent on ${node} did not build the programs of all its pods in 3 min: it was waited for ${waitsFor}.`,
      `cilium-dbg endpoint list in the agent's pod on ${node} shows which pods are not ready`,
    ),
  "agent-command-missing": ({ node, command }) =>
    failed(`The agent's image on ${node} has no ${command}.`, "use an image of the Cilium project"),
  "node-name-invalid": ({ node }, audience) =>
    failed(
      `The node's name "${node}" is none that Kubernetes allows, and no command is run with it.`,
      `find out what wrote that into Node ${node}; reboot it by hand, then ${doing(audience, "rebooted", node)}`,
    ),
  "node-address-invalid": ({ node, address }, audience) =>
    failed(
      `The address "${address}" of ${node} is no IP address, and no command is run with it.`,
      `find out what wrote that into Node ${node}; reboot it by hand, then ${doing(audience, "rebooted", node)}`,
    ),
  "reboot-command-not-run": ({ node, said }, audience) =>
    failed(
      `The reboot command for ${node} could not be run: ${said}.`,
      `reboot ${node} by hand, then ${doing(audience, "rebooted", node)}`,
    ),
  "reboot-command-failed": ({ node, command, exitCode, said }, audience) =>
    failed(
      `${command} for the reboot of ${node} failed with exit code ${exitCode}${ending(said)}`,
      `reboot ${node} by hand, then ${doing(audience, "rebooted", node)}, or ${retrying(audience, node)}`,
    ),
  "probe-without-curl": () =>
    failed("The probe's image has no curl.", "set --probe-image to agnhost of the Kubernetes project"),
  "probe-curl-unusable": ({ said }) =>
    failed(
      `The probe's image has a curl that cannot be used (7.75 or newer is): ${said}.`,
      "set --probe-image to agnhost of the Kubernetes project",
    ),
};

const othersWrite = (path: string, why: string) =>
  failed(
    `${path} ${why}, who could then change the journal and agree in your name`,
    "make it yours alone (chmod go-w), or set XDG_STATE_HOME to a folder of your own",
  );

/** Folders, sockets and engines of this machine. */
export const machineFailureWords: SayersOf<
  | "folder-of-other-user"
  | "folder-of-everyone"
  | "folder-of-group"
  | "folder-writable"
  | "not-a-folder"
  | "folder-not-made"
  | "folder-not-private"
  | "engine-here-already"
  | "engine-of-other-version"
  | "plan-holds-credential"
> = {
  "folder-of-other-user": ({ path, owner }) => othersWrite(path, `belongs to another user (${owner})`),
  "folder-of-everyone": ({ path }) => othersWrite(path, "may be written by every user"),
  "folder-of-group": ({ path, group }) => othersWrite(path, `may be written by group ${group}`),
  "folder-writable": ({ path }) => othersWrite(path, "may be written by other users"),
  "not-a-folder": ({ path }) => failed(`${path} is not a folder`, "move it away"),
  "folder-not-made": ({ path, said }) =>
    failed(`${path} cannot be made: ${said}`, "set XDG_RUNTIME_DIR to a folder of your own"),
  "folder-not-private": ({ path }) =>
    failed(
      `${path} is not a folder that only you can enter`,
      "remove it, or set XDG_RUNTIME_DIR to a folder of your own",
    ),
  "engine-here-already": () =>
    failed("an engine for this cluster runs on this machine already", "run crossfade to attach to it"),
  "engine-of-other-version": ({ pid }) =>
    failed(
      `the engine with pid ${pid} is of another version of crossfade`,
      "use the version that started it, or let it pause and end it first",
    ),
  "plan-holds-credential": () =>
    failed(
      "The plan would hold a credential by which this kubeconfig reaches the cluster.",
      "take it out of the values file, or out of the command that reboots",
    ),
};
