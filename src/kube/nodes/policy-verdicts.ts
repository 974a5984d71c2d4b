import type { PolicyVerdict, VerdictEnd } from "../../engine/model/policies/policy-verdict.ts";
import { at, list, number, text } from "../objects/read.ts";

/** Lines of one node that are read: who refuses more in half a minute refuses the same ones again and again. */
const mostLines = 500;

/** The map of the datapath, which no restart of the agent empties. */
export const dropCommand = ["cilium-dbg", "bpf", "metrics", "list", "-o", "json"];

/** What is allowed is left out where it is printed: a busy node allows thousands of connections in a second. */
export const verdictCommand = (seconds: number): readonly string[] => [
  "sh",
  "-c",
  `timeout ${seconds} cilium-dbg monitor -t policy-verdict -n | grep -E 'action (deny|audit)' | head -n ${mostLines}`,
];

/** The first line of the monitor's own, once it listens. */
const listens = /Press Ctrl-C to quit/;
const notOpened = /Cannot (find or )?open/i;

/** Whether the monitor was at it at all: without a refusal it prints nothing, and the pipe hides how it ended. */
export const hasListened = (stderr: string): boolean => listens.test(stderr) && !notOpened.test(stderr);

/** Packets of all rows whose reason is a policy, or a policy's deny rule. */
export function packetsRefused(metrics: unknown): number {
  const rows = list(metrics).filter((row) => text(at(row, "reason")).startsWith("Policy denied"));
  return rows.reduce<number>((sum, row) => sum + number(at(row, "packets")), 0);
}

const verdict =
  /remote ID (?<remote>\S+), proto (?<proto>\d+), (?<direction>ingress|egress), action (?<action>deny|audit).* (?<from>\S+) -> (?<to>\S+)/;

const protocols: Readonly<Record<string, string>> = {
  "1": "ICMP",
  "6": "TCP",
  "17": "UDP",
  "58": "ICMP",
  "132": "SCTP",
};

/** "10.0.0.1:80", "[fd00::1]:80", or an address alone. */
function endOf(words = ""): VerdictEnd {
  const [, ip = words, port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(words) ?? [];
  const isBare = words.includes("::") && !words.startsWith("[");
  return isBare || port === undefined ? { ip: words, port: null } : { ip, port: Number(port) };
}

function verdictOf(node: string, line: string): PolicyVerdict | null {
  const said = verdict.exec(line)?.groups;
  if (said === undefined) return null;
  const { remote = "", proto = "" } = said;
  return {
    node,
    direction: said["direction"] === "ingress" ? "ingress" : "egress",
    action: said["action"] === "audit" ? "audited" : "denied",
    protocol: protocols[proto] ?? proto,
    source: endOf(said["from"]),
    destination: endOf(said["to"]),
    otherIdentity: Number.parseInt(remote, 10) || 0,
  };
}

/** The lines of `cilium-dbg monitor -t policy-verdict -n` that say so; any other is passed over. */
export const verdictsIn = (node: string, printed: string): readonly PolicyVerdict[] =>
  printed.split("\n").flatMap((line) => verdictOf(node, line) ?? []);
