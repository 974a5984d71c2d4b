import type { Machine } from "../../machine.ts";

/** Where the agent keeps what must survive its own restart; under /run, so that a reboot clears it. */
export const stateDir = "/run/cilium/state";

/** The agent's socket: there while the agent serves its API. */
export const agentSocket = "/run/cilium/cilium.sock";

const datapathFile = `${stateDir}/datapath.json`;

/** What the kernel was loaded with: goes on forwarding while the agent is away. */
export interface Datapath {
  readonly routerIp: string;
  readonly healthIp: string;
  readonly podCidrs: readonly string[];
  /** Null in native routing. */
  readonly tunnel: { readonly protocol: string; readonly port: number; readonly link: string } | null;
  readonly masquerade: boolean;
  readonly kubeProxyReplacement: boolean;
  /** policyEnforcementMode as it was when the agent started, or was told since. */
  readonly enforcement: string;
  /** What policies deny is let through, and only told. */
  readonly audits?: boolean;
}

const decoded = new Map<string, Datapath>();

/** Null until the first agent since boot has loaded its programs. */
export function datapathOf(machine: Machine): Datapath | null {
  const text = machine.disk.get(datapathFile);
  if (text === undefined) return null;
  const known = decoded.get(text);
  if (known) return known;
  const datapath = JSON.parse(text) as Datapath;
  decoded.set(text, datapath);
  return datapath;
}

export function loadDatapath(machine: Machine, datapath: Datapath): void {
  machine.disk.set(datapathFile, JSON.stringify(datapath));
  pinPrograms(machine);
}

const pins = "/sys/fs/bpf";

/** Programs on the network card and on every overlay's device, the old CNI's too; nobody takes them off but a restart. */
function pinPrograms(machine: Machine): void {
  const devices = [...machine.links.values()].filter(({ kind }) => kind !== "veth" && kind !== "bridge");
  for (const { name } of devices) {
    const folder = name.replaceAll(".", "_");
    machine.disk.set(`${pins}/cilium/devices/${folder}/links/cil_from_netdev`, "");
  }
  for (const map of ["cilium_lxc", "cilium_ipcache", "cilium_ct4_global"])
    machine.disk.set(`${pins}/tc/globals/${map}`, "");
}

function pendingFile(ip: string): string {
  return `${stateDir}/pending/${ip}`;
}

/** An endpoint that was made while the datapath was not loaded yet: it has an address and no network. */
export function isPending(machine: Machine, ip: string): boolean {
  return machine.disk.has(pendingFile(ip));
}

export function markPending(machine: Machine, ip: string): void {
  machine.disk.set(pendingFile(ip), "");
}

/** All endpoints of the node when no address is given. */
export function clearPending(machine: Machine, ip?: string): void {
  if (ip !== undefined) {
    machine.disk.delete(pendingFile(ip));
    return;
  }
  for (const path of machine.disk.keys()) if (path.startsWith(`${stateDir}/pending/`)) machine.disk.delete(path);
}
