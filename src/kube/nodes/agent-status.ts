import type { AgentStatus } from "../../engine/model/ports/cilium.ts";
import { at, text } from "../objects/read.ts";

/** What `cilium-dbg status -o json` says, with the two facts of the effective configuration. */
export function agentStatusOf(
  status: unknown,
  facts: { podUid: string; configSources: string; writesCniConf: boolean },
): AgentStatus {
  return {
    podUid: facts.podUid,
    state: text(at(status, "cilium", "state"), "Unknown"),
    cniFile: text(at(status, "cni-file", "state"), "Unknown"),
    cniFileMessage: text(at(status, "cni-file", "msg")),
    configSources: facts.configSources,
    writesCniConf: facts.writesCniConf,
  };
}
