import type { CiliumEndpointFacts, CiliumNodeConfigFacts, CiliumNodeFacts, PodRef } from "../facts.ts";
import type { PolicyMode, PolicySettings } from "../policies/policy-settings.ts";
import type { PolicyVerdict } from "../policies/policy-verdict.ts";

/** What an agent says of itself (cilium-dbg status -o json, and the effective configuration under /tmp/cilium/config-map). */
export interface AgentStatus {
  readonly podUid: string;
  /** `cilium.state`: Ok, Warning, Failure, Disabled. */
  readonly state: string;
  /** `cni-file.state`: Disabled on a node that Cilium did not take over, Ok where it wrote its conflist. */
  readonly cniFile: string;
  readonly cniFileMessage: string;
  /** The key config-sources: names the CiliumNodeConfigs in effect. */
  readonly configSources: string;
  readonly writesCniConf: boolean;
}

export interface AgentPod {
  readonly node: string;
  readonly ref: PodRef;
  readonly ready: boolean;
  readonly createdAt: number;
  readonly waitingReason: string;
  readonly notStarted: string;
  readonly restarts: number;
  readonly lastFailure: string;
  readonly failedAt: number | null;
}

export interface Cilium {
  agents(): Promise<readonly AgentPod[]>;
  nodes(): Promise<readonly CiliumNodeFacts[]>;
  endpoints(): Promise<readonly CiliumEndpointFacts[]>;
  nodeConfigs(): Promise<readonly CiliumNodeConfigFacts[]>;
  /** Of ciliumnodeconfigs, by API discovery and never from a version number; null while the CRD is not there. */
  servedNodeConfigVersion(): Promise<string | null>;
  /** Names of cilium.io CRDs whose condition Established is not True yet, of those given. */
  crdsNotEstablished(names: readonly string[]): Promise<readonly string[]>;
  /** Plural names of what API group cilium.io serves, by discovery: its CRDs, as far as they work. */
  servedKinds(): Promise<readonly string[]>;
  applyNodeConfig(config: CiliumNodeConfigFacts): Promise<void>;
  deleteNodeConfig(namespace: string, name: string): Promise<void>;
  agentStatus(node: string): Promise<AgentStatus>;
  /** How the node's agent deals with policies at the moment, with all of its endpoints. */
  policySettings(node: string): Promise<PolicySettings>;
  /** Sets it at run time, until the agent restarts: of the agent's pod that was looked at, and of no other. */
  setPolicies(node: string, podUid: string, mode: Partial<PolicyMode>): Promise<void>;
  /** Packets that policies refused on the node, counted by its kernel: an agent's restart does not set it back. */
  policyDrops(node: string): Promise<number>;
  /**
   * Listens to the agent for so long: each connection that a policy refused there, or would have refused. What policies allow is not
   * told, and of very many refusals the first ones.
   */
  policyVerdicts(node: string, forMs: number, signal: AbortSignal): Promise<readonly PolicyVerdict[]>;
}
