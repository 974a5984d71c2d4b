import { migrationLabel } from "../../../src/engine/model/cilium-names.ts";
import type { JourneyLab } from "../panel/journey.ts";

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
    readonly spec: { unschedulable?: true };
  }[];
}

async function cordonedNodes({ api }: Pick<JourneyLab, "api">): Promise<NodeList["items"]> {
  const { items } = (await api("GET", "/api/v1/nodes")) as NodeList;
  return items.filter(({ spec }) => spec.unschedulable === true);
}

/** Nodes that no new pod may go to. */
export const cordoned = async (lab: Pick<JourneyLab, "api">): Promise<readonly string[]> =>
  (await cordonedNodes(lab)).map(({ metadata }) => metadata.name);

/** Those of them that were handed over: where a pause that came a moment later found the next node drained, it may stay so. */
export const betweenNetworks = async (lab: Pick<JourneyLab, "api">): Promise<readonly string[]> =>
  (await cordonedNodes(lab))
    .map(({ metadata }) => metadata)
    .filter(({ labels }) => labels?.[migrationLabel])
    .map(({ name }) => name);
