import type { LabClock } from "../../clock.ts";
import type { Store } from "../../objects.ts";
import { isReady, type NodeObject, type PodObject } from "../kinds.ts";
import { setNodeCondition } from "../node-condition.ts";

/** What the operator was told to do with nodes. */
export interface NodeTaintSettings {
  readonly namespace: string;
  readonly taintKey: string;
  readonly set: boolean;
  readonly remove: boolean;
  readonly reportsNetwork: boolean;
}

/** Follows the agents' pods: a node is kept free of pods until its agent is Ready, and then says so. */
export function followAgents(store: Store, clock: LabClock, settings: NodeTaintSettings): () => void {
  const agents = new Map<string, Map<string, boolean>>();
  const apply = applier(store, clock, settings);
  const applyTo = (node: string) => {
    const here = agents.get(node);
    if (here && here.size > 0) apply(node, [...here.values()].some(Boolean));
  };
  const stopPods = store.subscribe<PodObject>("pods", ({ type, object }) => {
    const { metadata, spec } = object;
    if (metadata.namespace !== settings.namespace || metadata.labels?.["k8s-app"] !== "cilium" || !spec.nodeName)
      return;
    const here = agents.get(spec.nodeName) ?? new Map<string, boolean>();
    agents.set(spec.nodeName, here);
    if (type === "DELETED") here.delete(metadata.name);
    else here.set(metadata.name, isReady(object) && !metadata.deletionTimestamp);
    applyTo(spec.nodeName);
  });
  const stopNodes = store.subscribe<NodeObject>("nodes", ({ type, object }) => {
    if (type !== "DELETED") applyTo(object.metadata.name);
  });
  return () => {
    stopPods();
    stopNodes();
  };
}

type Apply = (name: string, ready: boolean) => void;

function applier(store: Store, clock: LabClock, settings: NodeTaintSettings): Apply {
  return (name, ready) => {
    setTaint(store, name, ready, settings);
    if (!ready || !settings.reportsNetwork) return;
    setNodeCondition(store, name, {
      now: clock.now(),
      type: "NetworkUnavailable",
      status: "False",
      reason: "CiliumIsUp",
      message: "Cilium is running on this node",
    });
  };
}

function setTaint(store: Store, name: string, ready: boolean, settings: NodeTaintSettings): void {
  const taints = store.get<NodeObject>("nodes", null, name)?.spec.taints ?? [];
  const tainted = taints.some(({ key }) => key === settings.taintKey);
  if (ready && tainted && settings.remove) {
    store.change<NodeObject>("nodes", null, name, (copy) => {
      copy.spec.taints = (copy.spec.taints ?? []).filter(({ key }) => key !== settings.taintKey);
    });
  }
  if (!ready && !tainted && settings.set) {
    store.change<NodeObject>("nodes", null, name, (copy) => {
      copy.spec.taints = [...(copy.spec.taints ?? []), { key: settings.taintKey, effect: "NoSchedule" }];
    });
  }
}
