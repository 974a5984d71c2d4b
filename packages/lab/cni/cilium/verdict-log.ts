import type { Machine } from "../../machine.ts";

/** What policies said of one connection that they did not allow. */
export interface Refusal {
  readonly direction: "ingress" | "egress";
  /** "audit": refused, and let through since policies are only tried. */
  readonly action: "deny" | "audit";
  readonly endpoint: number;
  readonly otherIdentity: number;
  readonly protocol: "tcp" | "udp";
  readonly from: string;
  readonly to: string;
}

type Listener = (refusal: Refusal) => void;

/** A machine's counters of dropped packets, as the datapath keeps them, and whoever listens to its agent's monitor. */
class VerdictLog {
  readonly bootId: string;
  readonly packets = { ingress: 0, egress: 0 };
  readonly listeners = new Set<Listener>();

  constructor(bootId: string) {
    this.bootId = bootId;
  }
}

const logs = new WeakMap<Machine, VerdictLog>();

/** The counters are the kernel's: an agent's restart leaves them as they are, the machine's own does not. */
function logOf(machine: Machine): VerdictLog {
  const known = logs.get(machine);
  if (known?.bootId === machine.bootId) return known;
  const log = new VerdictLog(machine.bootId);
  logs.set(machine, log);
  return log;
}

/** Counts a refusal, where something was dropped by it, and tells it to whoever listens. */
export function tellRefusal(machine: Machine, refusal: Refusal): void {
  const log = logOf(machine);
  if (refusal.action === "deny") log.packets[refusal.direction] += 1;
  for (const listener of log.listeners) listener(refusal);
}

const packetBytes = 74;

/** cilium-dbg bpf metrics list -o json, the rows of policies; "" without any, as the map then has no entry. */
export function dropMetrics(machine: Machine): string {
  const rows = Object.entries(logOf(machine).packets).flatMap(([direction, packets]) =>
    packets === 0
      ? []
      : [{ reason: "Policy denied", direction, packets, bytes: packets * packetBytes, line: 1341, file: "bpf_lxc.c" }],
  );
  return rows.length === 0 ? "" : `${JSON.stringify(rows, null, 2)}\n`;
}

const numbers = { tcp: 6, udp: 17 } as const;

function lineOf({ direction, action, endpoint, otherIdentity, protocol, from, to }: Refusal): string {
  const flags = protocol === "tcp" ? "tcp SYN" : "udp";
  return `Policy verdict log: flow 0x0 local EP ID ${endpoint}, remote ID ${otherIdentity}, proto ${numbers[protocol]}, ${direction}, action ${action}, auth: disabled, match none, ${from} -> ${to} ${flags}\n`;
}

/** cilium-dbg monitor -t policy-verdict: all that is refused from now on, until it is ended. */
export function monitored(machine: Machine, ends: AbortSignal): Promise<string> {
  const { listeners } = logOf(machine);
  return new Promise((resolve) => {
    const lines: string[] = [];
    const listener: Listener = (refusal) => lines.push(lineOf(refusal));
    const finish = () => {
      listeners.delete(listener);
      resolve(lines.join(""));
    };
    listeners.add(listener);
    if (ends.aborted) finish();
    else ends.addEventListener("abort", finish, { once: true });
  });
}
