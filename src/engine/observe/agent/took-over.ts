import { ciliumConfFile } from "../../model/cilium-names.ts";
import { done, type Observation, waiting } from "../../model/observation.ts";
import type { AgentPod } from "../../model/ports/cilium.ts";
import type { NodeScope } from "../../model/step.ts";
import { activeFiles } from "../cni-files.ts";
import { agentNotReady } from "../start-trouble.ts";
import { crashesOf } from "./crash-loops.ts";

/** No watch tells of a file; an agent that writes it does so within seconds, and one that does not is asked for minutes. */
const lookAgainMs = 5_000;

/** The agent's word is not enough: where its folder is not the node's, every new pod would stay on the old network. */
async function fileThere({ ports, node }: NodeScope, object: string): Promise<Observation> {
  const files = activeFiles(await ports.hosts.cniFiles(node));
  if (files.includes(ciliumConfFile)) return done;
  const because = `${ciliumConfFile} on ${node}: its agent says that it wrote it, and the node has ${files.join(", ") || "no CNI file"}`;
  const remedy = `see whether the agent mounts the folder that ${node} uses (cni.confPath in your values), then press r, or press u to take the node back`;
  return { ...waiting(because, "the agent", object, remedy), dueInMs: lookAgainMs };
}

/** Ready, with the node's configuration read since it was labelled, and the CNI file where the runtime looks for it. */
export async function tookOver(scope: NodeScope, agent: AgentPod): Promise<Observation> {
  const object = `Pod ${agent.ref.namespace}/${agent.ref.name}`;
  if (!agent.ready) return agentNotReady(agent, agent.restarts - crashesOf(scope, agent));
  const status = await scope.ports.cilium.agentStatus(scope.node);
  if (status.podUid !== agent.ref.uid) return waiting("the new agent to answer", "the agent", object);
  if (!status.writesCniConf)
    return waiting("an agent that has read the CiliumNodeConfig", "restarting the agent", object);
  if (status.cniFile === "Ok") return fileThere(scope, object);
  return waiting(
    `the agent to write its CNI configuration (${status.cniFile}: ${status.cniFileMessage})`,
    "the agent",
    object,
  );
}
