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
  check({ source, target }) {
    const tunnel = { protocol: target.tunnelProtocol, port: target.tunnelPort };
    const ports = source.encapsulations.flatMap(({ port }) => port ?? []);
    if (ports.includes(target.tunnelPort)) return blocker("tunnel-port-taken", { ...tunnel, source: source.name });
    const of = known[target.tunnelPort];
    if (of !== undefined) return warning("tunnel-port-usual", { ...tunnel, of });
    return ok("tunnel-port-free", { ...tunnel, source: source.name, used: ports.map(String) });
  },
};
