import type { AgentStatus, OverlayHealth } from "../engine/ports.ts";
import { at, fields, list, text } from "./read.ts";

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

/** Errors of one address' probes; an empty status means that the probe came through. */
function troubles(where: string, endpoint: unknown): readonly string[] {
  const primary = at(endpoint, "primary-address");
  if (primary === undefined) return [];
  return ["icmp", "http"].flatMap((probe) => {
    const answer = fields(primary)[probe];
    const status = text(at(answer, "status"));
    return answer === undefined || answer === null || status === "" ? [] : [`${where} ${probe}: ${status}`];
  });
}

/** What `cilium-health status --probe -o json` says: a node counts as reachable when its host and its health endpoint are. */
export function overlayHealthOf(status: unknown): OverlayHealth {
  const nodes = list(at(status, "nodes"));
  const unreachable: string[] = [];
  let reachable = 0;
  for (const node of nodes) {
    const endpoint = at(node, "health-endpoint") ?? at(node, "endpoint");
    const missing = at(endpoint, "primary-address") === undefined ? ["endpoint not known yet"] : [];
    const errors = [...troubles("host", at(node, "host")), ...troubles("endpoint", endpoint), ...missing];
    if (errors.length === 0) reachable += 1;
    else unreachable.push(`${text(at(node, "name"), "a node")}: ${errors.join(", ")}`);
  }
  return { reachable, total: nodes.length, unreachable };
}
