import { someOf } from "../../engine/model/some-of.ts";
import type { SayersOf } from "../said.ts";

const listed = (all: readonly string[], more: number): string => {
  const others = more + Math.max(0, all.length - 3);
  return `${all.slice(0, 3).join("; ")}${others > 0 ? ` and ${others} more` : ""}`;
};

const restart = "roll the run back and begin it again with";

/** What has to be so on the nodes' own network before anything is installed. */
export const hostWords: SayersOf<
  | "kernel-modules-missing"
  | "mtu-above-card"
  | "tunnel-port-in-use"
  | "tunnel-port-blocked"
  | "tunnel-packets-lost"
  | "lookers-left"
> = {
  "kernel-modules-missing": ({ version, lines, more }) => ({
    text: `kernel modules that Cilium ${version} needs, and that are neither loaded nor built in nor in /lib/modules: ${listed(lines, more)}`,
    clearedBy: "installing them there (linux-modules-extra on Ubuntu, kernel-modules-extra on RHEL)",
  }),
  "mtu-above-card": ({ mtu, cards, more }) => ({
    text: `network cards that carry the MTU of your values, ${mtu}: ${listed(cards, more)} ${cards.length + more === 1 ? "does" : "do"} not`,
    clearedBy: `a larger MTU there; or ${restart} a smaller MTU in the values file`,
  }),
  "tunnel-port-in-use": ({ protocol, port, nodes, more }) => ({
    text: `UDP ${port}, which Cilium's ${protocol} needs, to be free on ${someOf(nodes, 3, more)}: another program has it`,
    clearedBy: `ending that program (ss -ulnp there names it); or ${restart} another --tunnel-port`,
  }),
  "tunnel-port-blocked": ({ port, paths, more }) => ({
    text: `UDP ${port}, the port of Cilium's tunnel, to pass between nodes: ${listed(paths, more)} (nothing is installed yet)`,
    clearedBy: `a rule that allows UDP ${port} between all nodes (security group, host firewall, host policy); or ${restart} another --tunnel-port`,
  }),
  "tunnel-packets-lost": ({ port, bytes, paths, more }) => ({
    text: `packets of ${bytes} bytes to pass between nodes on UDP ${port}, as small ones do: ${listed(paths, more)} (nothing is installed yet)`,
    clearedBy: `a network that carries its cards' MTU; or ${restart} MTU: the size that passes, in the values file`,
  }),
  "lookers-left": ({ nodes, more }) => ({
    text: `the pods that looked at the nodes' network to be gone from ${someOf(nodes, 3, more)}, as they have the port of Cilium's tunnel`,
    clearedBy: "the kubelet",
  }),
};
