import { type CiliumTarget, defaultRunOptions, type JsonObject, type RunOptions } from "../model/plan-types.ts";

/** All that the operator may say before the plan is made; what is left out is chosen from the cluster's facts. */
export interface PlanInput extends RunOptions {
  readonly ciliumVersion: string;
  readonly chart: CiliumTarget["chart"];
  readonly podCidr?: string;
  readonly maskSize?: number;
  readonly tunnelPort?: number;
  readonly tunnelProtocol?: "vxlan" | "geneve";
  /** Ranges that the cluster's pods must reach and that no API object names, such as an office's network. */
  readonly extraCidrs: readonly string[];
  /** Hold node managers and GitOps owners of the source still for the run. */
  readonly freezeOwners: boolean;
  /** Restart every node a second time at the end. */
  readonly secondRound: boolean;
  /** Which backup there is, in the operator's own words; left out where he named none. */
  readonly backupTaken?: string;
  /** The operator's own values file, parsed. */
  readonly userValues?: JsonObject;
}

export const defaultPlanInput: PlanInput = {
  ...defaultRunOptions,
  ciliumVersion: "1.18.12",
  chart: { repository: "https://helm.cilium.io/", name: "cilium" },
  extraCidrs: [],
  freezeOwners: false,
  secondRound: false,
};
