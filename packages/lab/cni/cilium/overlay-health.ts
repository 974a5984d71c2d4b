import type { Machine } from "../../machine.ts";
import { throughCilium } from "../../network/carry.ts";
import type { ProgramWorld } from "../api-access.ts";
import type { CiliumNodeObject } from "../kinds.ts";
import type { AgentLife } from "./agent.ts";
import { ciliumNodes } from "./agent-node.ts";
import { agentSocket, datapathOf } from "./datapath.ts";

interface PathStatus {
  readonly status: string;
  /** Nanoseconds. */
  readonly latency: number;
  readonly lastProbed: string;
}

interface Probed {
  readonly "primary-address": { readonly ip: string; readonly icmp: PathStatus; readonly http: PathStatus };
}

/** cilium-health status --probe -o json: an empty status is a path that answered. */
export interface OverlayHealthReport {
  readonly local: { readonly name: string };
  readonly timestamp: string;
  readonly nodes: readonly { readonly name: string; readonly host: Probed; readonly "health-endpoint": Probed }[];
}

/** Probes every node that Cilium knows: its own address over the wire, its health endpoint over Cilium's overlay. */
export function overlayHealth(
  { context, config }: AgentLife,
  { network, machines }: ProgramWorld,
): OverlayHealthReport {
  const { store, machine, clock } = context;
  const now = new Date(clock.now()).toISOString();
  const cluster = config.get("cluster-name") ?? "default";
  const fullName = (name: string) => (cluster === "default" ? name : `${cluster}/${name}`);
  const nodes = store.list<CiliumNodeObject>(ciliumNodes).map(({ metadata: { name }, spec }) => {
    const ip = spec.addresses?.find(({ type }) => type === "InternalIP")?.ip ?? "";
    const peer = machines.get(name);
    const host = network.fromNode(machine.name, { ip, port: 4240, protocol: "tcp" });
    const upAtAll = machine.up && peer?.up === true;
    return {
      name: fullName(name),
      host: probed(ip, upAtAll ? "" : "Connection timed out", host.ok ? "" : host.reason, now),
      "health-endpoint": endpoint(machine, peer, spec.health?.ipv4 ?? "", now),
    };
  });
  return { local: { name: fullName(machine.name) }, timestamp: now, nodes };
}

function endpoint(from: Machine, to: Machine | undefined, ip: string, now: string): Probed {
  if (!to) return probed(ip, "Connection timed out", "Connection timed out", now);
  const trip = from === to ? (datapathOf(from) ? null : "datapath not ready") : failure(from, to);
  if (trip !== null)
    return probed(
      ip,
      "Connection timed out",
      `Get "http://${ip}:4240/hello": context deadline exceeded (${trip})`,
      now,
    );
  return probed(
    ip,
    "",
    to.disk.has(agentSocket) ? "" : `Get "http://${ip}:4240/hello": connect: connection refused`,
    now,
  );
}

function failure(from: Machine, to: Machine): string | null {
  const there = throughCilium(from, to);
  return there.ok ? null : there.reason;
}

function probed(ip: string, icmp: string, http: string, lastProbed: string): Probed {
  const path = (status: string): PathStatus => ({ status, latency: status === "" ? 310_000 : 0, lastProbed });
  return { "primary-address": { ip, icmp: path(icmp), http: path(http) } };
}
