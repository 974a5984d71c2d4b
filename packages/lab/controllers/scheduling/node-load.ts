import type { Store } from "../../objects.ts";
import type { Pod } from "../kinds.ts";
import { keyOf } from "../object-key.ts";
import { controllerOf } from "../owners.ts";
import { isFinished } from "../pod-state.ts";
import { type PodDemand, podDemand } from "./pod-demand.ts";

/** What is taken of one node, kept up to date so that no pod is counted twice. */
export interface NodeLoad {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly hostPorts: ReadonlyMap<string, number>;
  /** Pods by the uid of their controller. */
  readonly workloads: ReadonlyMap<string, number>;
  /** Pods that want to be apart from others, by key. */
  readonly loners: ReadonlyMap<string, Pod>;
}

class Load implements NodeLoad {
  cpu = 0;
  memory = 0;
  pods = 0;
  readonly hostPorts = new Map<string, number>();
  readonly workloads = new Map<string, number>();
  readonly loners = new Map<string, Pod>();

  count(pod: Pod, demand: PodDemand, sign: 1 | -1): void {
    this.cpu += sign * demand.cpu;
    this.memory += sign * demand.memory;
    this.pods += sign;
    for (const port of demand.hostPorts) bump(this.hostPorts, port, sign);
    bump(this.workloads, controllerOf(pod)?.uid ?? "", sign);
    if (sign < 0) this.loners.delete(keyOf(pod));
    else if (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length) {
      this.loners.set(keyOf(pod), pod);
    }
  }
}

/** The load of every node. */
export interface NodeLoads {
  of(node: string): NodeLoad;
  /** Nodes on which a pod wants to be apart from others. */
  lonely(): ReadonlySet<string>;
  readonly stop: () => void;
}

interface Counted {
  readonly node: string;
  readonly pod: Pod;
  readonly demand: PodDemand;
}

/** Follows the pods; a finished one takes nothing any more. */
export function watchNodeLoads(store: Store): NodeLoads {
  const loads = new Map<string, Load>();
  const lonely = new Set<string>();
  const counted = new Map<string, Counted>();
  const on = (node: string) => {
    const load = loads.get(node) ?? new Load();
    loads.set(node, load);
    return load;
  };
  const count = ({ node, pod, demand }: Counted, sign: 1 | -1) => {
    const load = on(node);
    load.count(pod, demand, sign);
    if (load.loners.size) lonely.add(node);
    else lonely.delete(node);
  };
  const stop = store.subscribe<Pod>("pods", ({ type, object }) => {
    const key = keyOf(object);
    const known = counted.get(key);
    const node = type === "DELETED" || isFinished(object) ? undefined : object.spec.nodeName;
    if (known && known.node === node && known.pod.metadata.uid === object.metadata.uid) return;
    if (known) count(known, -1);
    counted.delete(key);
    if (!node) return;
    const entry = { node, pod: object, demand: podDemand(object) };
    count(entry, 1);
    counted.set(key, entry);
  });
  return { of: on, lonely: () => lonely, stop };
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next) counts.set(key, next);
  else counts.delete(key);
}
