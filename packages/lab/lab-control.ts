import type { Control } from "./api/server.ts";
import type { Machine } from "./machine.ts";
import type { Destination, Network } from "./network/reach.ts";
import type { Store } from "./objects.ts";

/** What the lab's own endpoints act on. */
export interface ControlledLab {
  readonly store: Store;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly network: Network;
  reboot(node: string, options?: { readonly downMs?: number }): Promise<void>;
}

type Answer = Awaited<ReturnType<Control>>;

/** /lab/reboot {node, downMs?} · /lab/repair {node} · /lab/network {pod: "ns/name" | node, to: {ip, port, protocol}} · /lab/state */
export function labControl(lab: ControlledLab): Control {
  return async (path, body) => {
    const asked = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    switch (path) {
      case "/lab/reboot":
        return reboot(lab, asked);
      case "/lab/repair":
        return repair(lab, asked);
      case "/lab/network":
        return reach(lab, asked);
      case "/lab/state":
        return { status: 200, body: { machines: [...lab.machines.values()].map(state) } };
      default:
        return {
          status: 404,
          body: { error: `the lab answers to /lab/reboot, /lab/repair, /lab/network and /lab/state, not to ${path}` },
        };
    }
  };
}

/** Answers when the machine is up again, as `docker restart` does; its node is ready later. */
async function reboot(lab: ControlledLab, { node, downMs }: Record<string, unknown>): Promise<Answer> {
  if (typeof node !== "string" || !lab.machines.has(node)) {
    return { status: 404, body: { error: `the lab has no machine ${String(node)}` } };
  }
  await lab.reboot(node, typeof downMs === "number" ? { downMs } : {});
  return { status: 200, body: { node, bootId: lab.machines.get(node)?.bootId } };
}

/** Whatever a scenario broke about the machine is mended; one that is off comes up. */
function repair({ machines }: ControlledLab, { node }: Record<string, unknown>): Answer {
  const machine = typeof node === "string" ? machines.get(node) : undefined;
  if (!machine) return { status: 404, body: { error: `the lab has no machine ${String(node)}` } };
  machine.faults.clear();
  return { status: 200, body: { node } };
}

function reach({ store, network }: ControlledLab, { pod, node, to }: Record<string, unknown>): Answer {
  const destination = to as Destination | undefined;
  if (!destination?.ip || !destination.port) return { status: 400, body: { error: "say to: {ip, port, protocol}" } };
  const aim: Destination = { ...destination, protocol: destination.protocol ?? "tcp" };
  if (typeof node === "string") return { status: 200, body: network.fromNode(node, aim) };
  const [namespace = "", name = ""] = typeof pod === "string" ? pod.split("/") : [];
  const object = store.get("pods", namespace, name);
  if (!object) return { status: 404, body: { error: 'say from where: node: "NAME" or pod: "NAMESPACE/NAME"' } };
  return { status: 200, body: network.fromPod(object, aim) };
}

function state(machine: Machine) {
  const { name, ip, bootId, up, kernelVersion, faults } = machine;
  return {
    name,
    ip,
    bootId,
    up,
    kernelVersion,
    faults: [...faults],
    disk: Object.fromEntries(machine.disk),
    links: [...machine.links.values()],
    chains: Object.fromEntries(machine.chains),
    nftTables: Object.fromEntries(machine.nftTables),
    ipsets: Object.fromEntries([...machine.ipsets].map(([set, members]) => [set, [...members]])),
    routes: Object.fromEntries(machine.routes),
    udpPorts: Object.fromEntries(machine.udpPorts),
  };
}
