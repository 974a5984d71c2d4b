import type { Guard, GuardWorld } from "../network/policy/guard.ts";
import type { KubeObject, ResourceName, Store } from "../objects.ts";
import type { CniPlugin, Program } from "../program.ts";
import type { ProgramWorld } from "./api-access.ts";

/** What a cluster asks of its CNI. */
export interface CniSettings {
  readonly podCidr: string;
  /** One of the driver's. */
  readonly backend: string;
}

/**
 * A CNI that a lab's cluster can start with: all that the rest of the lab knows of one. What it makes on a machine it makes in
 * the machine's links, routes, chains and files; the network reads these, and no name.
 */
export interface CniDriver {
  /** As the option `source` says it. */
  readonly name: string;
  /** Ways in which it carries packets between nodes; the first is the usual one. */
  readonly backends: readonly [string, ...string[]];
  /** The objects of its manifest, in their order. */
  manifest(settings: CniSettings): readonly KubeObject[];
  /** What the images of these objects do. */
  programs(world: ProgramWorld): readonly Program[];
  /** Who holds policies for it at the pods that it wires; without one nobody does. */
  readonly guard?: (world: GuardWorld) => Guard;
  /** Policies of its own kinds, as a scenario plants them. */
  readonly policyExamples?: {
    /** Over the pods of a namespace. */
    readonly pods: (namespace: string) => readonly (readonly [ResourceName, KubeObject])[];
    /** Over one node: only these UDP ports, and all of TCP and ICMP, come in. */
    readonly host: (node: string, udpPorts: readonly number[]) => readonly (readonly [ResourceName, KubeObject])[];
  };
  /** What the configuration that it writes names first. */
  plugin(store: Store): CniPlugin;
  /** Of the machines that it is meant for, by turns; amd64 where nothing is said. */
  readonly architectures?: readonly [string, ...string[]];
  /** The DaemonSet among its objects. */
  readonly daemonSet: { readonly namespace: string; readonly name: string };
}
