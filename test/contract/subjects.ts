import { startRealControlPlane, whyNoRealControlPlane } from "./real-control-plane.ts";
import { startSmallCluster } from "./small-cluster.ts";
import type { Subject } from "./subject.ts";

/** Something that the contract can be put to. */
export interface Candidate {
  readonly name: string;
  /** Whether pods can run there, known before it is started. */
  readonly runsPods: boolean;
  readonly start: () => Promise<Subject>;
}

/** The lab always; a real control plane too where the environment names one. */
export function candidates(): readonly Candidate[] {
  const lab: Candidate = { name: "the lab", runsPods: true, start: startSmallCluster };
  const why = whyNoRealControlPlane();
  if (why !== null) {
    process.stdout.write(`skipped on a real control plane: ${why}\n`);
    return [lab];
  }
  const hasKubelets = Boolean(process.env.CROSSFADE_CONTRACT_KUBECONFIG);
  if (!hasKubelets) process.stdout.write("skipped on KUBEBUILDER_ASSETS: cases that need kubelets and controllers\n");
  return [lab, { name: "a real control plane", runsPods: hasKubelets, start: startRealControlPlane }];
}
