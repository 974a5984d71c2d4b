import { ciliumConfFile } from "../../model/cilium-names.ts";
import { done, type Observation, waiting } from "../../model/observation.ts";
import type { AgentPod } from "../../model/ports/cilium.ts";
import { type InTheWay, thePod } from "../../model/reason.ts";
import type { NodeScope } from "../../model/step.ts";
import { activeFiles } from "../cni-files.ts";
import { agentNotReady } from "../start-trouble.ts";
import { crashesOf } from "./crash-loops.ts";

/** No watch tells of a file; an agent that writes it does so within seconds, and one that does not is asked for minutes. */
const lookAgainMs = 5_000;

/** The agent's word is not enough: where its folder is not the node's, every new pod would stay on the old network. */
async function fileThere({ ports, node }: NodeScope, object: InTheWay): Promise<Observation> {
  const files = activeFiles(await ports.hosts.cniFiles(node));
  if (files.includes(ciliumConfFile)) return done;
  const params = { node, file: ciliumConfFile, found: files };
  return { ...waiting("cni-conf-elsewhere", params, { object, actions: ["retry", "rollback"] }), dueInMs: lookAgainMs };
}

/** Ready, with the node's configuration read since it was labelled, and the CNI file where the runtime looks for it. */
export async function tookOver(scope: NodeScope, agent: AgentPod): Promise<Observation> {
  const object = thePod(agent.ref);
  if (!agent.ready) return agentNotReady(agent, agent.restarts - crashesOf(scope, agent));
  const status = await scope.ports.cilium.agentStatus(scope.node);
  if (status.podUid !== agent.ref.uid) return waiting("agent-not-answering", {}, { object });
  if (!status.writesCniConf) return waiting("agent-config-outdated", {}, { object });
  if (status.cniFile === "Ok") return fileThere(scope, object);
  const params = { node: scope.node, state: status.cniFile, message: status.cniFileMessage };
  return waiting("cni-conf-not-written", params, { object });
}
