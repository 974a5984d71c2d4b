import type { Undrainable } from "../../engine/model/reason.ts";
import { counted } from "../../engine/model/some-of.ts";
import { type Audience, doing, retrying } from "../audience.ts";
import { failed, type Said, type SayersOf } from "../said.ts";

/** "press r, or press u to roll the node back". */
const againOrBack = (audience: Audience, node: string): string =>
  `${retrying(audience, node)}, or ${doing(audience, "rollback", node)} to roll the node back`;

interface WhyItStays {
  readonly because: string;
  /** The option that allows it. */
  readonly option: string;
}

const whyItStays: Readonly<Record<Undrainable["why"], (volumes: readonly string[]) => WhyItStays>> = {
  emptydir: (volumes) => ({
    because: `it keeps data in emptyDir ${volumes.join(", ")}`,
    option: "--delete-emptydir-data",
  }),
  "no-controller": () => ({
    because: "it has no controller, so nothing would bring it back",
    option: "--delete-bare-pods",
  }),
  "daemonset-gone": () => ({
    because: "its DaemonSet is gone, so nothing would bring it back",
    option: "--delete-bare-pods",
  }),
};

function drainRefused(node: string, pods: readonly Undrainable[], audience: Audience): Said {
  const said = pods.map(({ pod, why, volumes }) => ({ pod, ...whyItStays[why](volumes) }));
  const options = [...new Set(said.map(({ option }) => option))].toSorted();
  return failed(
    `${node} cannot be drained: ${said.map(({ pod, because }) => `${pod}: ${because}`).join("; ")}`,
    `start the run with ${options.join(" ")} or move these pods yourself, then ${retrying(audience, node)} (${audience.ask.skip(node)} skips the node)`,
  );
}

/** What a node's steps failed for. */
export const nodeFailureWords: SayersOf<
  | "node-gone"
  | "node-uncordoned-again"
  | "node-config-changed-again"
  | "agent-crash-loops"
  | "agent-ignores-config"
  | "same-boot-id"
  | "drain-refused"
  | "pod-on-wrong-network"
> = {
  "node-gone": ({ node }) => failed(`${node} is not in the cluster any more`, "nothing is left to do for it"),
  "node-uncordoned-again": ({ node, times }, audience) =>
    failed(
      `something uncordons ${node} again and again (${times} times while it was drained)`,
      `find out what does it (an autoscaler, a script, a colleague), then ${againOrBack(audience, node)}`,
    ),
  "node-config-changed-again": ({ node, namespace, name, times }, audience) =>
    failed(
      `something deletes or changes CiliumNodeConfig ${namespace}/${name} again and again (${times} times)`,
      `find out what does it (GitOps that prunes what it does not know), then ${againOrBack(audience, node)}`,
    ),
  "agent-crash-loops": ({ node, restarts, said }, audience) =>
    failed(
      `the Cilium agent on ${node} crash-loops (${counted(restarts, "restart")}): ${said}`,
      `fix the cause and ${againOrBack(audience, node)}`,
    ),
  "agent-ignores-config": ({ node, config, times }, audience) =>
    failed(
      `the Cilium agent on ${node} does not take the node over, though it was recreated ${times} times: it does not act on CiliumNodeConfig ${config}`,
      `see with kubectl get ciliumnodeconfigs -A which others select ${node}, then ${againOrBack(audience, node)}`,
    ),
  "same-boot-id": ({ node, bootId }, audience) =>
    failed(
      `${node} went down and came back with the same bootID${bootId === "" ? "" : ` (${bootId})`}: its kernel was not restarted, as in a container`,
      `${doing(audience, "rebooted", node)} if that is how it restarts here, ${retrying(audience, node)} to reboot it once more, or ${doing(audience, "rollback", node)} to roll it back`,
    ),
  "drain-refused": ({ node, pods }, audience) => drainRefused(node, pods, audience),
  "pod-on-wrong-network": ({ node, pod, address, range, times, confFile }, audience) =>
    failed(
      `${pod} got ${address ?? "an address"} from the ${range} range again, though it was recreated ${times} times: the container runtime of ${node} still uses ${confFile}`,
      `see with crictl info which folder the runtime of ${node} reads, fix it and ${againOrBack(audience, node)}`,
    ),
};
