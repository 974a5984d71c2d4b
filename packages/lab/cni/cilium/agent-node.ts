import { pause } from "../../clock.ts";
import { cidrSize, inCidr, nthAddress, parseCidr } from "../../network/cidr.ts";
import { type ContainerContext, ProgramExit } from "../../program.ts";
import { type CiliumNodeObject, internalAddress, type NodeObject } from "../kinds.ts";
import type { AgentConfig } from "./agent-config.ts";
import { isEstablished } from "./crd-state.ts";

/** Resource of CiliumNode in the store. */
export const ciliumNodes = "cilium.io/ciliumnodes";

/** As upstream's own patience for its CRDs. */
const crdPatienceMs = 300_000;

/** What the agent knows of its node once it has a range. */
export interface NodeRange {
  readonly podCidrs: readonly string[];
  readonly routerIp: string;
  readonly healthIp: string;
}

/** Announces the node and waits until it has a range, however long that takes: an exhausted pool holds every new node here. */
export async function joinCluster(context: ContainerContext, config: AgentConfig): Promise<NodeRange | null> {
  await untilCrds(context);
  if (context.signal.aborted) return null;
  announceNode(context, config);
  let told = false;
  for (;;) {
    const podCidrs = readCiliumNode(context)?.spec.ipam?.podCIDRs ?? [];
    if (context.signal.aborted) return null;
    if (podCidrs.length > 0) return settle(context, podCidrs);
    if (!told) context.log('level=info msg="Waiting for IPv4 allocation CIDR to become available in the CiliumNode"');
    told = true;
    await pause(context.clock, 500, context.signal);
  }
}

function readCiliumNode({ store, machine }: ContainerContext): CiliumNodeObject | undefined {
  return store.get<CiliumNodeObject>(ciliumNodes, null, machine.name);
}

async function untilCrds(context: ContainerContext): Promise<void> {
  const giveUpAt = context.clock.now() + crdPatienceMs;
  const needed = ["ciliumnodes.cilium.io", "ciliumendpoints.cilium.io", "ciliumidentities.cilium.io"];
  for (let missing = needed; !context.signal.aborted; ) {
    missing = needed.filter((name) => !isEstablished(context.store, name));
    if (missing.length === 0) return;
    if (context.clock.now() >= giveUpAt) {
      throw new ProgramExit(
        1,
        `Unable to find all Cilium CRDs necessary within 5m0s timeout. Please ensure that Cilium Operator is running: ${missing.join(", ")}`,
      );
    }
    context.log(`level=info msg="Waiting until all Cilium CRDs are available" missing="${missing.join(", ")}"`);
    await pause(context.clock, 1_000, context.signal);
  }
}

/** A range of its own comes from the operator (cluster-pool) or from the node (kubernetes). */
function announceNode(context: ContainerContext, config: AgentConfig): void {
  const { store, machine } = context;
  const node = store.get<NodeObject>("nodes", null, machine.name);
  if (!node) throw new ProgramExit(1, `nodes "${machine.name}" not found`);
  const podCIDRs = ownRanges(node, config);
  if (!readCiliumNode(context)) {
    context.log(`level=info msg="Successfully created CiliumNode resource" name="${machine.name}"`);
    store.create<CiliumNodeObject>(ciliumNodes, {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNode",
      metadata: {
        name: machine.name,
        labels: { ...node.metadata.labels },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: machine.name, uid: node.metadata.uid ?? "" }],
      },
      spec: {
        addresses: [{ type: "InternalIP", ip: internalAddress(node) ?? machine.ip }],
        ipam: podCIDRs ? { podCIDRs } : {},
        health: {},
        bootid: machine.bootId,
      },
    });
    return;
  }
  store.change<CiliumNodeObject>(ciliumNodes, null, machine.name, (copy) => {
    copy.metadata.labels = { ...node.metadata.labels };
    copy.spec.bootid = machine.bootId;
    const others = (copy.spec.addresses ?? []).filter(({ type }) => type !== "InternalIP");
    copy.spec.addresses = [{ type: "InternalIP", ip: internalAddress(node) ?? machine.ip }, ...others];
    if (podCIDRs) copy.spec.ipam = { ...copy.spec.ipam, podCIDRs };
  });
}

/** What the node itself brings; undefined where the operator hands out ranges. */
function ownRanges({ spec }: NodeObject, config: AgentConfig): string[] | undefined {
  const mode = config.get("ipam") ?? "cluster-pool";
  if (mode === "cluster-pool") return undefined;
  if (mode !== "kubernetes") {
    throw new ProgramExit(1, `the lab's Cilium has no IPAM mode ${mode}: it knows cluster-pool and kubernetes`);
  }
  return spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []);
}

/** Keeps the router's and the health endpoint's address over restarts, as long as they lie in the range. */
function settle(context: ContainerContext, podCidrs: readonly string[]): NodeRange {
  const [first = ""] = podCidrs;
  const node = readCiliumNode(context);
  const half = cidrSize(parseCidr(first)) / 2;
  const inRange = (ip: string | undefined) => (ip && podCidrs.some((cidr) => inCidr(ip, cidr)) ? ip : null);
  const routerIp =
    inRange(node?.spec.addresses?.find(({ type }) => type === "CiliumInternalIP")?.ip) ??
    nthAddress(first, context.random.between(1, half - 1));
  const kept = inRange(node?.spec.health?.ipv4);
  const healthIp = kept && kept !== routerIp ? kept : nthAddress(first, context.random.between(half, 2 * half - 2));
  context.store.change<CiliumNodeObject>(ciliumNodes, null, context.machine.name, (copy) => {
    const others = (copy.spec.addresses ?? []).filter(({ type }) => type !== "CiliumInternalIP");
    copy.spec.addresses = [...others, { type: "CiliumInternalIP", ip: routerIp }];
    copy.spec.health = { ipv4: healthIp };
  });
  return { podCidrs, routerIp, healthIp };
}
