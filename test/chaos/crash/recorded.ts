import type { Lab } from "crossfade-lab/lab.ts";
import type { KubeObject } from "crossfade-lab/objects.ts";
import type { Outcome } from "../../../src/engine/model/events.ts";
import type { NodeState } from "../../../src/engine/model/node-state.ts";

interface ConfigMapObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodObject extends KubeObject {
  readonly spec: { readonly nodeName?: string };
}

export interface RecordedState {
  readonly started: readonly string[];
  readonly stepsDone: Readonly<Record<string, number>>;
  readonly finished: { readonly outcome: Outcome } | null;
}

/** What the cluster records of the run, read past the API; null where there is none. */
export function recordedRun({ store }: Lab): RecordedState | null {
  const text = store.get<ConfigMapObject>("configmaps", "crossfade", "migration")?.data?.state;
  return text === undefined ? null : (JSON.parse(text) as RecordedState);
}

/** The same of a node. */
export function recordedNode({ store }: Lab, node: string): NodeState | null {
  const text = store.get("nodes", null, node)?.metadata.annotations?.["cni-crossfade/node"];
  return text === undefined ? null : (JSON.parse(text) as { readonly state: NodeState }).state;
}

/** Null where there is no such pod. */
export function nodeOfPod(
  { store }: Lab,
  { namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid?: string | undefined },
): string | null {
  const pod = store.get<PodObject>("pods", namespace, name);
  if (pod === undefined || (uid !== undefined && pod.metadata.uid !== uid)) return null;
  return pod.spec.nodeName ?? null;
}
