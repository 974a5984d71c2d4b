import { counted, someOf } from "../../engine/model/some-of.ts";
import { retrying, rollingBack } from "../audience.ts";
import type { SayersOf } from "../said.ts";
import { untilStarted } from "./start-trouble-words.ts";

const byAgent = "the agent";

/** What is waited for of Cilium agents. */
export const agentWords: SayersOf<
  | "agent-missing"
  | "agent-not-ready"
  | "old-agent-running"
  | "agent-not-answering"
  | "agent-config-outdated"
  | "cni-conf-not-written"
  | "cni-conf-elsewhere"
  | "agent-taint"
  | "agent-taint-left"
> = {
  "agent-missing": ({ node, trouble }, audience, { about }) =>
    untilStarted({ text: `an agent pod on ${node}`, clearedBy: "the DaemonSet controller" }, trouble, {
      audience,
      about,
    }),
  "agent-not-ready": ({ node, trouble }, audience, { about }) =>
    untilStarted({ text: `the Cilium agent on ${node} to be Ready`, clearedBy: byAgent }, trouble, {
      audience,
      about,
    }),
  "old-agent-running": () => ({ text: "the old agent to go", clearedBy: "its deletion" }),
  "agent-not-answering": () => ({ text: "the new agent to answer", clearedBy: byAgent }),
  "agent-config-outdated": () => ({
    text: "an agent that has read the CiliumNodeConfig",
    clearedBy: "restarting the agent",
  }),
  "cni-conf-not-written": ({ node, state, message }) => ({
    text: `the agent on ${node} to write its CNI configuration (${[state, message].filter((part) => part !== "").join(": ") || "no state"})`,
    clearedBy: byAgent,
  }),
  "cni-conf-elsewhere": ({ node, file, found }, audience, { about }) => ({
    text: `${file} on ${node}: its agent says that it wrote it, and the node has ${found.join(", ") || "no CNI file"}`,
    clearedBy: byAgent,
    remedy: `see whether the agent mounts the folder that ${node} uses (cni.confPath in your values), then ${retrying(audience, about)}, or ${rollingBack(audience, about)} to roll ${about === null ? "everything" : "the node"} back`,
  }),
  "agent-taint": ({ taint, nodes, more }) => ({
    text: `the taint ${taint} to be removed from ${someOf(nodes, 3, more)}`,
    clearedBy: "the Cilium operator",
  }),
  "agent-taint-left": ({ taint, count }) => ({
    text: `the taint ${taint} to be removed from ${counted(count, "node")}`,
    clearedBy: "the engine",
  }),
};
