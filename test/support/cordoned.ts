import type { JourneyLab } from "./journey.ts";

interface NodeList {
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly spec: { unschedulable?: true } }[];
}

/** Nodes that no new pod may go to. */
export async function cordoned({ api }: Pick<JourneyLab, "api">): Promise<readonly string[]> {
  const { items } = (await api("GET", "/api/v1/nodes")) as NodeList;
  return items.filter(({ spec }) => spec.unschedulable === true).map(({ metadata }) => metadata.name);
}
