import { blocker, type Check, ok, warning } from "../check.ts";

/** Ports on which other overlays of the same host are usual; 4789 is also what Windows and RKE2 make other CNIs use. */
const known: Readonly<Record<number, string>> = {
  51820: "WireGuard",
  51821: "WireGuard",
  51871: "Cilium's own WireGuard",
};

/** Two VXLAN devices on one port fail with "address already in use", and it hits whichever starts second. */
export const tunnelClash: Check = {
  id: "tunnel-clash",
  title: "Overlay ports do not clash",
  check({ source, target }) {
    const ours = `${target.tunnelProtocol} on UDP ${target.tunnelPort}`;
    if (source.encapsulations.some(({ port }) => port === target.tunnelPort)) {
      return blocker(
        `Cilium's ${ours} is ${source.name}'s port too: whichever starts second would fail`,
        `choose another with --tunnel-port ${target.tunnelPort + 1}`,
      );
    }
    const other = known[target.tunnelPort];
    if (other) return warning(`Cilium's ${ours} is usually the port of ${other}`, "choose another with --tunnel-port");
    const used = source.encapsulations.flatMap(({ port }) => port ?? []);
    const theirs = `${source.name} uses ${used.join(", ") || "none"}`;
    return ok(`Cilium's ${ours} is free (${theirs}); it must be open between all nodes`);
  },
};
