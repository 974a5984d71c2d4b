import { startRealControlPlane, whyNoRealControlPlane } from "./real-control-plane.ts";
import { startSmallCluster } from "./small-cluster.ts";
import type { Subject } from "./subject.ts";
import type { Toolbox } from "./tools.ts";
import { startWholeLab } from "./whole-lab.ts";

/** Something that the contract can be put to. */
export interface Candidate {
  readonly name: string;
  /** Whether pods can run there, known before it is started. */
  readonly runsPods: boolean;
  readonly start: () => Promise<Subject>;
}

/** The lab always, whole and with a stand-in for kubelets; a real control plane too where the environment names one. */
export function candidates(): readonly Candidate[] {
  const labs: readonly Candidate[] = [
    { name: "the whole lab", runsPods: true, start: startWholeLab },
    { name: "the lab's API", runsPods: true, start: startSmallCluster },
  ];
  const why = whyNoRealControlPlane();
  if (why !== null) {
    process.stdout.write(`skipped on a real control plane: ${why}\n`);
    return labs;
  }
  const hasKubelets = Boolean(process.env.CROSSFADE_CONTRACT_KUBECONFIG);
  if (!hasKubelets) process.stdout.write("skipped on KUBEBUILDER_ASSETS: cases that need kubelets and controllers\n");
  return [...labs, { name: "a real control plane", runsPods: hasKubelets, start: startRealControlPlane }];
}

/**
 * Each of the lab's two with one of the toolboxes, to save time; a real control plane with all of them. With one toolbox
 * every candidate gets that.
 */
export function pairUp(
  all: readonly Candidate[],
  boxes: readonly Toolbox[],
): readonly (readonly [Candidate, Toolbox])[] {
  return all.flatMap((candidate, index) =>
    boxes.filter((_, at) => index > 1 || at === index % boxes.length).map((box) => [candidate, box] as const),
  );
}
