import { migrationLabel, nodeConfigName, takeOver } from "../../src/engine/model/cilium-names.ts";
import type { CiliumNodeFacts, NodeFacts, PodFacts } from "../../src/engine/model/facts.ts";
import type { Before } from "../../src/engine/model/node-state.ts";
import type { Observation } from "../../src/engine/model/observation.ts";
import type { RunOptions } from "../../src/engine/model/plan-types.ts";
import type { AgentPod, AgentStatus } from "../../src/engine/model/ports/cilium.ts";
import type { ProbeAnswer, ProbePod, ProbeTarget } from "../../src/engine/model/ports/prober.ts";
import type { Code } from "../../src/engine/model/reason.ts";
import type { NodeScope } from "../../src/engine/model/step.ts";
import { StepMemory } from "../../src/engine/model/step-memory.ts";
import { aSource } from "./a-source.ts";
import { aNode, aWorkload } from "./facts.ts";

const here = "worker-1";
const other = "worker-2";

/** The time at which a step's table looks. */
export const lookedAt = Date.UTC(2026, 0, 1, 12, 10);

/** What is other than on a node that was handed over, is whole, and has been so since the step began. */
export interface Situation {
  readonly node?: Partial<NodeFacts>;
  /** Null for none. */
  readonly agent?: Partial<AgentPod> | null;
  /** Of the other node. */
  readonly otherAgent?: Partial<AgentPod> | null;
  readonly status?: Partial<AgentStatus>;
  readonly files?: readonly string[];
  readonly pods?: readonly PodFacts[];
  readonly ciliumNode?: Partial<CiliumNodeFacts> | null;
  readonly endpoint?: string | null;
  readonly nodeConfig?: boolean;
  /** DaemonSets of the source that are gone. */
  readonly sourceGone?: boolean;
  /** Null where it has none. */
  readonly probeIp?: string | null;
  readonly answer?: ProbeAnswer;
  readonly before?: Partial<Before> | null;
  readonly options?: Partial<RunOptions>;
  readonly stepSince?: number;
  readonly again?: boolean;
  readonly excludedOrDeferred?: readonly string[];
}

const agentOf = (node: string, over: Partial<AgentPod> = {}): AgentPod => ({
  node,
  ref: { namespace: "kube-system", name: `cilium-${node}`, uid: `agent-${node}` },
  ready: true,
  createdAt: 0,
  waitingReason: "",
  notStarted: "",
  restarts: 0,
  lastFailure: "",
  failedAt: null,
  ...over,
});

const wrote = (uid: string): AgentStatus => ({
  podUid: uid,
  state: "Ok",
  cniFile: "Ok",
  cniFileMessage: "",
  configSources: "",
  writesCniConf: true,
});

const plan = (options: Partial<RunOptions> = {}) => ({
  options: { soakMs: 10_000, reboot: { method: "none" }, deleteBarePods: false, deleteEmptyDirData: false, ...options },
  source: aSource,
  cilium: { podCidr: "10.245.0.0/16", namespace: "kube-system" },
});

/** The ports of a cluster of two nodes in this situation, and what a step did with them. */
export function nodeScope(so: Situation = {}) {
  const did: string[] = [];
  const logged: string[] = [];
  const { agent = {}, otherAgent = {}, probeIp = "10.245.1.2", endpoint = "ready", ciliumNode = {} } = so;
  const agents = [agent && agentOf(here, agent), otherAgent && agentOf(other, otherAgent)].filter(
    (one) => one !== null,
  );
  const nodes = [aNode(here, { labels: { [migrationLabel]: "true" }, ...so.node }), aNode(other)];
  const probe = (node: string, ip: string): ProbePod => ({
    node,
    ref: { namespace: "crossfade", name: `probe-${node}`, uid: `probe-${node}` },
    ip,
    ready: true,
  });
  const probes = [...(probeIp === null ? [] : [probe(here, probeIp)]), probe(other, "10.244.2.2")];
  const did1 = (what: string) => Promise.resolve(void did.push(what));
  const pods = so.pods ?? [];
  const ports = {
    clock: { now: () => lookedAt },
    nodes: {
      get: (name: string) => Promise.resolve(nodes.find((node) => node.name === name) ?? null),
      list: () => Promise.resolve(nodes),
      setLabel: (name: string, label: string, value: string) => did1(`label ${name} ${label}=${value}`),
    },
    cilium: {
      agents: () => Promise.resolve(agents),
      agentStatus: () =>
        Promise.resolve({ ...wrote(agents.find(({ node }) => node === here)?.ref.uid ?? ""), ...so.status }),
      nodes: () =>
        Promise.resolve(
          ciliumNode === null ? [] : [{ name: here, podCidrs: ["10.245.1.0/24"], error: "", ...ciliumNode }],
        ),
      endpoints: () =>
        Promise.resolve([
          { namespace: "crossfade", name: "probe-elsewhere", state: "ready", ips: [] },
          ...(endpoint === null ? [] : [{ namespace: "crossfade", name: `probe-${here}`, state: endpoint, ips: [] }]),
        ]),
      nodeConfigs: () =>
        Promise.resolve(
          so.nodeConfig === false
            ? []
            : [
                {
                  namespace: "kube-system",
                  name: nodeConfigName,
                  defaults: takeOver,
                  matchLabels: { [migrationLabel]: "true" },
                },
              ],
        ),
      servedNodeConfigVersion: () => Promise.resolve("v2"),
      applyNodeConfig: ({ name }: { readonly name: string }) => did1(`write ${name}`),
    },
    hosts: {
      cniFiles: () =>
        Promise.resolve(
          (so.files ?? ["05-cilium.conflist", "10-flannel.conflist.cilium_bak"]).map((name) => ({ name, content: "" })),
        ),
    },
    pods: {
      on: () => Promise.resolve(pods),
      onFresh: () => Promise.resolve(pods),
      list: () => Promise.resolve(pods),
      budgets: () => Promise.resolve([]),
      delete: ({ uid }: { readonly uid: string }) => did1(`delete ${uid}`),
    },
    workloads: {
      get: (kind: string, namespace: string, name: string) =>
        Promise.resolve(so.sourceGone === true ? null : aWorkload(kind as "DaemonSet", namespace, name)),
      list: () => Promise.resolve([aWorkload("DaemonSet", "monitoring", "exporter")]),
      failedCreate: () => Promise.resolve(null),
    },
    prober: {
      pods: () => Promise.resolve(probes),
      probe: (_from: ProbePod, targets: readonly ProbeTarget[]) =>
        Promise.resolve(targets.map(() => so.answer ?? { result: "good", tookMs: 1 })),
    },
  };
  const before = {
    at: 0,
    cordoned: false,
    bootId: "one",
    cniFiles: ["10-flannel.conflist"],
    agentUid: "agent-before",
    ...so.before,
  };
  const scope = {
    ports,
    plan: plan(so.options),
    node: here,
    stepSince: so.stepSince ?? lookedAt - 60_000,
    before: so.before === null ? null : before,
    again: so.again ?? false,
    migrated: [],
    nodes: [here, other],
    excludedOrDeferred: so.excludedOrDeferred ?? [],
    declaredRebooted: false,
    memory: new StepMemory(),
    remember: (kept: Before) => did1(`remember ${JSON.stringify(kept)}`),
    log: (_level: string, text: string) => void logged.push(text),
    signal: new AbortController().signal,
  };
  return { scope: scope as unknown as NodeScope, did, logged };
}

/** The code of what is waited for; null where nothing is. */
export const codeOf = (observed: Observation): Code | null => (observed.done ? null : observed.reason.code);
