import { createHash } from "node:crypto";
import { pause } from "../../clock.ts";
import type { Machine } from "../../machine.ts";
import { isNeighbour } from "../../network/carry.ts";
import { cidrSize, inCidr, nthAddress, parseCidr } from "../../network/cidr.ts";
import { type ContainerContext, type Program, ProgramExit } from "../../program.ts";
import { type ProgramWorld, untilApiAnswers } from "../api-access.ts";
import { inBackground } from "../background.ts";
import { ensureJump, type Jump } from "../chains.ts";
import { internalAddress, type NodeObject } from "../kinds.ts";
import { setNodeCondition } from "../node-condition.ts";
import { ProjectedWatch } from "../projected-watch.ts";
import { podMtu, tunnelLink } from "./backend-link.ts";
import { type NetConf, readNetConf } from "./net-conf.ts";

/** Annotations by which the flannelds of a cluster tell each other where they are. */
const annotationPrefix = "flannel.alpha.coreos.com";

interface Lease {
  readonly podCidr: string;
  readonly publicIp: string;
  readonly backend: string;
}

const leases = new ProjectedWatch<Lease>("nodes", (object) => {
  const { metadata, spec } = object as NodeObject;
  const publicIp = metadata.annotations?.[`${annotationPrefix}/public-ip`];
  const backend = metadata.annotations?.[`${annotationPrefix}/backend-type`];
  return spec.podCIDR && publicIp && backend ? { podCidr: spec.podCIDR, publicIp, backend } : null;
});

/** The daemon. What it makes on the node it leaves there when it stops. */
export function flanneld({ network }: ProgramWorld): Program {
  return {
    name: "flanneld",
    matches: (image, container) => /flannel(:|@|$)/.test(image) && container === "kube-flannel",
    start(context, crash) {
      let ready = false;
      const ended: (() => void)[] = [];
      inBackground(context, crash, async () => {
        await untilApiAnswers(context, network);
        await pause(context.clock, context.random.between(300, 1_200), context.signal);
        if (context.signal.aborted) return;
        ended.push(...bringUp(context));
        ready = true;
      });
      return {
        ready: () => ready,
        stop() {
          for (const end of ended) end();
        },
      };
    },
  };
}

/** Returns what must end with the daemon. */
function bringUp(context: ContainerContext): (() => void)[] {
  const { machine, store, clock } = context;
  const conf = readNetConf(context);
  const node = store.get<NodeObject>("nodes", null, machine.name);
  const podCidr = node?.spec.podCIDR;
  if (!podCidr) throw new ProgramExit(1, `failed to acquire lease: node "${machine.name}" pod cidr not assigned`);
  if (!inCidr(podCidr.split("/")[0] ?? "", conf.network)) {
    throw new ProgramExit(
      1,
      `failed to acquire lease: subnet ${conf.network} does not contain ${podCidr}, the PodCIDR of ${machine.name}`,
    );
  }
  const link = tunnelLink(machine, conf, podCidr);
  writeSubnetEnv(machine, conf, podCidr);
  ensureRules(machine, conf);
  announce(context, conf);
  context.log(`Wrote subnet file to /run/flannel/subnet.env; running backend ${conf.backend}`);
  const stopWatching = leases.subscribe(store, routeTo(machine, conf, link));
  setNodeCondition(store, machine.name, {
    now: clock.now(),
    type: "NetworkUnavailable",
    status: "False",
    reason: "FlannelIsUp",
    message: "Flannel is running on this node",
  });
  return [stopWatching, clock.every(5_000, () => machine.up && ensureRules(machine, conf))];
}

function writeSubnetEnv(machine: Machine, conf: NetConf, podCidr: string): void {
  const lines = [
    `FLANNEL_NETWORK=${conf.network}`,
    `FLANNEL_SUBNET=${nthAddress(podCidr, 1)}/${parseCidr(podCidr).bits}`,
    `FLANNEL_MTU=${podMtu(conf)}`,
    "FLANNEL_IPMASQ=true",
  ];
  machine.disk.set("/run/flannel/subnet.env", `${lines.join("\n")}\n`);
}

const jumps: readonly Jump[] = [
  { from: "nat/POSTROUTING", to: "FLANNEL-POSTRTG", comment: "flanneld masq", place: "last" },
  { from: "filter/FORWARD", to: "FLANNEL-FWD", comment: "flanneld forward", place: "last" },
];

/** flanneld looks every five seconds whether its rules are still there. */
function ensureRules(machine: Machine, { network, nftables }: NetConf): void {
  if (nftables) for (const table of ["ip flannel-ipv4", "ip6 flannel-ipv6"]) machine.nftTables.set(table, network);
  else ensureChains(machine, network);
}

function ensureChains(machine: Machine, network: string): void {
  for (const jump of jumps) ensureJump(machine, jump);
  const isWhole = (chain: string) => (machine.chains.get(chain) ?? []).length > 0;
  if (isWhole("nat/FLANNEL-POSTRTG") && isWhole("filter/FLANNEL-FWD")) return;
  const comment = '-m comment --comment "flanneld masq"';
  const forward = '-m comment --comment "flanneld forward"';
  machine.chains.set("nat/FLANNEL-POSTRTG", [
    `-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 ${comment} -j RETURN`,
    `-A FLANNEL-POSTRTG -s ${network} -d ${network} ${comment} -j RETURN`,
    `-A FLANNEL-POSTRTG -s ${network} ! -d 224.0.0.0/4 ${comment} -j MASQUERADE --random-fully`,
    `-A FLANNEL-POSTRTG ! -s ${network} -d ${network} ${comment} -j MASQUERADE --random-fully`,
  ]);
  machine.chains.set("filter/FLANNEL-FWD", [
    `-A FLANNEL-FWD -s ${network} ${forward} -j ACCEPT`,
    `-A FLANNEL-FWD -d ${network} ${forward} -j ACCEPT`,
  ]);
}

/** What the others have to know of a node besides its address. */
function backendData({ backend, vni }: NetConf, { ip }: Machine): string {
  if (backend === "vxlan") return JSON.stringify({ VNI: vni, VtepMAC: macOf(ip) });
  const key = createHash("sha256").update(ip).digest("base64");
  return backend === "wireguard" ? JSON.stringify({ PublicKey: key }) : "null";
}

function announce({ store, machine }: ContainerContext, conf: NetConf): void {
  const { backend } = conf;
  const data = backendData(conf, machine);
  store.change<NodeObject>(
    "nodes",
    null,
    machine.name,
    (node) => {
      node.metadata.annotations = {
        ...node.metadata.annotations,
        [`${annotationPrefix}/backend-type`]: backend,
        [`${annotationPrefix}/backend-data`]: data,
        [`${annotationPrefix}/kube-subnet-manager`]: "true",
        [`${annotationPrefix}/public-ip`]: internalAddress(node) ?? machine.ip,
      };
    },
    { manager: "flanneld" },
  );
}

function macOf(ip: string): string {
  return ["3e", "f1", ...ip.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}

/** Null where there is no way: to another backend, and without a tunnel to another subnet, whose gateway the kernel refuses. */
function wayTo(machine: Machine, lease: Lease, { backend, direct }: NetConf, link: string | null): string | null {
  if (lease.backend !== backend || cidrSize(parseCidr(lease.podCidr)) < 4) return null;
  if (link !== null && !direct) return link;
  return isNeighbour(machine, lease.publicIp) ? lease.publicIp : link;
}

/** One route to every other node of the same backend. */
function routeTo(machine: Machine, conf: NetConf, link: string | null): (name: string, lease: Lease | null) => void {
  const mine = new Map<string, string>();
  return (name, lease) => {
    if (name === machine.name || !machine.up) return;
    const before = mine.get(name);
    if (before && (!lease || lease.podCidr !== before)) machine.routes.delete(before);
    mine.delete(name);
    const via = lease && wayTo(machine, lease, conf, link);
    if (!lease || via === null) return;
    machine.routes.set(lease.podCidr, via);
    mine.set(name, lease.podCidr);
  };
}
