import type { NodeSnapshot, PodCounts, PodLine } from "../model/events.ts";
import type { CniFile, NodeFacts, PodFacts } from "../model/facts.ts";
import { beforeOf } from "../model/node-state.ts";
import type { Plan } from "../model/plan-types.ts";
import type { MigrationState } from "../model/state.ts";
import { cniInCharge } from "../observe/cni-files.ts";
import { classifyPod, type NetworkRanges } from "../observe/pod-network.ts";
import { sourceFileOf } from "../observe/recorded-folder.ts";
import type { Session } from "./session.ts";

/** Above this the pods of a node are listed only while it is worked on: the panel's state stays small. */
const listPodsUpToNodes = 300;
const everyMs = 1_000;
/** CNI files are read by exec, which costs the node: the one in hand each second, of the others some in turn, and none too often. */
const othersPerRound = 2;
const othersEveryMs = 15_000;

const active = ({ phase }: PodFacts) => phase === "Running" || phase === "Pending";

function lineOf(pod: PodFacts, ranges: NetworkRanges): PodLine {
  const { namespace, name, phase, ready, ips, owner } = pod;
  return {
    namespace,
    name,
    network: classifyPod(pod, ranges),
    ip: ips[0] ?? "",
    phase: pod.terminatingAt === null ? pod.waitingReason || phase : "Terminating",
    ready,
    owner: owner?.kind ?? "",
  };
}

/** What is shown of a node as the API has it. */
function plain({ ready, cordoned, controlPlane, internalIps, bootId, podCidrs }: NodeFacts) {
  return { ready, cordoned, controlPlane, address: internalIps[0] ?? "", bootId, podCidrs };
}

const atWork = (state: MigrationState, name: string): boolean => {
  const phase = state.nodes[name]?.state.phase;
  return phase === "migrating" || phase === "rolling-back" || phase === "failed";
};

function count(lines: readonly PodLine[]): PodCounts {
  const counts = { source: 0, cilium: 0, host: 0, unknown: 0 };
  for (const { network } of lines) counts[network]++;
  return counts;
}

/** Before its files were read: the one that the plan found, or the one that the runner has verified. */
function asRecorded({ nodes }: MigrationState, name: string): NodeSnapshot["cni"] {
  const phase = nodes[name]?.state.phase;
  if (phase === "migrated") return "cilium";
  return phase === "queued" || phase === "excluded" || phase === "rolled-back" ? "source" : "unknown";
}

/** A run that is looked at: an engine's own, or another's that is watched. */
export type Onlooker = Pick<Session, "ports" | "state" | "now" | "tell">;

/** What the screen shows of the nodes, kept up beside the run: it reads, and decides nothing. */
export class NodeWatch {
  readonly #session: Onlooker;
  /** By exec, which who only watches has no right to. */
  readonly #readsFiles: boolean;
  readonly #files = new Map<string, { readonly files: readonly CniFile[]; readonly at: number }>();
  readonly #told = new Map<string, string>();
  #turn = 0;

  constructor(session: Onlooker, { readsFiles = true }: { readonly readsFiles?: boolean } = {}) {
    this.#session = session;
    this.#readsFiles = readsFiles;
  }

  /** Until the signal ends it. What cannot be read now keeps its last state; the link's state tells its age. */
  async watch(signal: AbortSignal): Promise<void> {
    // The link by itself: a server that lets requests in and says nothing holds a round up, and that is to be told.
    await Promise.all([this.#again(signal, () => this.#tellLink()), this.#again(signal, () => this.#round(signal))]);
  }

  async #again(signal: AbortSignal, look: () => Promise<void> | void): Promise<void> {
    while (!signal.aborted) {
      try {
        await look();
      } catch {
        // Shown by the link's state and by the run's own hold; nothing here acts on it.
      }
      await this.#session.ports.clock.sleep(everyMs, signal).catch(() => undefined);
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { ports, state } = this.#session;
    const { plan } = state;
    if (!plan) return;
    const nodes = await ports.nodes.list();
    await this.#readFiles(
      nodes.map(({ name }) => name),
      signal,
    );
    const ranges: NetworkRanges = {
      nodes,
      ciliumNodes: await ports.cilium.nodes(),
      sourceCidrs: plan.source.podCidrs,
      ciliumCidrs: [plan.cilium.podCidr],
    };
    const agents = new Map(
      (await ports.cilium.agents()).map(({ node, ready }) => [node, ready ? "ready" : "not-ready"] as const),
    );
    for (const node of nodes) {
      if (node.name in state.nodes) await this.#see(node, plan, ranges, agents.get(node.name) ?? "none");
    }
  }

  #tellLink(): void {
    const link = this.#session.ports.changes.link();
    const { link: old, plan } = this.#session.state;
    // While the plan is made there is nothing to show but that it is held up.
    if (!plan && link.state !== "stale" && old.state !== "stale") return;
    if (link.state === old.state && link.detail === old.detail && link.since - old.since < 5_000) return;
    this.#session.tell({ type: "link-changed", at: this.#session.now(), link });
  }

  async #readFiles(names: readonly string[], signal: AbortSignal): Promise<void> {
    const { state, ports } = this.#session;
    if (!this.#readsFiles || state.steps.prepare?.state !== "done") return;
    const busy = names.filter((name) => atWork(state, name));
    const others = Array.from(
      { length: Math.min(othersPerRound, names.length) },
      () => names[this.#turn++ % names.length] ?? "",
    );
    const now = this.#session.now();
    const due = others.filter((name) => now - (this.#files.get(name)?.at ?? Number.NEGATIVE_INFINITY) >= othersEveryMs);
    for (const name of new Set([...busy, ...due])) {
      if (signal.aborted) return;
      try {
        this.#files.set(name, { files: await ports.hosts.cniFiles(name), at: this.#session.now() });
      } catch {
        // A node that reboots cannot be read: the files keep the time at which they were.
      }
    }
  }

  async #see(node: NodeFacts, plan: Plan, ranges: NetworkRanges, agent: NodeSnapshot["agent"]): Promise<void> {
    const { ports, state } = this.#session;
    const pods = (await ports.pods.on(node.name)).filter(active);
    const lines = pods.map((pod) => lineOf(pod, ranges));
    const listed = state.order.length <= listPodsUpToNodes || atWork(state, node.name);
    const snapshot: NodeSnapshot = {
      ...plain(node),
      ...this.#disk(node.name, plan),
      pods: count(lines),
      podLines: listed ? lines : [],
      agent,
      ciliumCidrs: ranges.ciliumNodes.find(({ name }) => name === node.name)?.podCidrs ?? [],
    };
    const text = JSON.stringify({ ...snapshot, filesAt: null });
    if (this.#told.get(node.name) === text) return;
    this.#told.set(node.name, text);
    this.#session.tell({ type: "node-seen", at: this.#session.now(), node: node.name, snapshot });
  }

  #disk(name: string, plan: Plan): Pick<NodeSnapshot, "cni" | "files" | "filesAt"> {
    const known = this.#files.get(name);
    const state = this.#session.state.nodes[name]?.state;
    if (!known) return { cni: asRecorded(this.#session.state, name), files: null, filesAt: null };
    return {
      cni: cniInCharge(known.files, sourceFileOf(state ? beforeOf(state) : null, plan)),
      files: known.files,
      filesAt: known.at,
    };
  }
}
