import { cniDrivers } from "./cni/registry.ts";

const [usual] = cniDrivers;

/** How to build an embedded cluster; the same options and seed tell the same story. */
export interface LabOptions {
  /** 1 to 500; the first is a control plane, from seven on the first three are. */
  readonly nodes: number;
  /** Workload pods, besides those of the system. */
  readonly pods: number;
  /** The CNI that it starts with, by its name in cni/registry.ts. */
  readonly source: string;
  /** How that carries packets between nodes: one of its own. */
  readonly backend: string;
  /** Networks that its machines are spread over, 1 or 2, with a router between: what asks for a neighbour finds none across it. */
  readonly subnets: number;
  readonly seed: number;
  /** Lab seconds per second of the wall. */
  readonly speed: number;
  /** As in kind: a restarted node keeps its bootID. */
  readonly keepBootId: boolean;
  /** For example v1.33.4 */
  readonly kubernetesVersion: string;
  /** A way to misbehave, by its name in scenarios.ts; null for a cluster as one would wish. */
  readonly scenario: string | null;
}

export const defaultLabOptions: LabOptions = {
  nodes: 3,
  pods: 12,
  source: usual.name,
  backend: usual.backends[0],
  subnets: 1,
  seed: 1,
  speed: 1,
  keepBootId: false,
  kubernetesVersion: "v1.33.4",
  scenario: null,
};

/** What the outside gets of a running lab, whatever thread or process it runs in. */
export interface LabAddress {
  readonly url: string;
  /** Mode 0600; removed when the lab stops. */
  readonly kubeconfig: string;
  /** Put first on PATH it answers for `helm` and `docker`. Removed when the lab stops. */
  readonly binDir: string;
}
