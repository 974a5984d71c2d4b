import type { Machine } from "../../machine.ts";
import { ProgramExit } from "../../program.ts";
import type { AgentConfig } from "./agent-config.ts";
import type { Datapath } from "./datapath.ts";

const defaultPorts: Readonly<Record<string, number>> = { vxlan: 8472, geneve: 6081 };

/** Sets up the tunnel's link; null in native routing. Ends the agent as the kernel's refusal does. */
export function setUpTunnel(machine: Machine, config: AgentConfig): Datapath["tunnel"] {
  if ((config.get("routing-mode") ?? "tunnel") !== "tunnel") {
    removeTunnels(machine, null);
    return null;
  }
  const protocol = config.get("tunnel-protocol") ?? "vxlan";
  const usual = defaultPorts[protocol];
  if (usual === undefined) throw new ProgramExit(1, `invalid value for tunnel-protocol: ${protocol}`);
  const port = Number(config.get("tunnel-port") ?? 0) || usual;
  const link = `cilium_${protocol}`;
  const holder = machine.udpPorts.get(port);
  if (holder !== undefined && holder !== link) {
    throw new ProgramExit(
      1,
      `failed to start: daemon creation failed: setting up ${protocol} device: setting up device ${link}: address already in use`,
    );
  }
  removeTunnels(machine, port);
  machine.links.set(link, {
    name: link,
    kind: protocol === "geneve" ? "geneve" : "vxlan",
    address: null,
    owner: "cilium",
  });
  machine.udpPorts.set(port, link);
  return { protocol, port, link };
}

/** A changed port or protocol leaves no second link behind. */
function removeTunnels(machine: Machine, keepPort: number | null): void {
  for (const [port, holder] of machine.udpPorts) {
    if (!/^cilium_(vxlan|geneve)$/.test(holder) || port === keepPort) continue;
    machine.udpPorts.delete(port);
    machine.links.delete(holder);
  }
}
