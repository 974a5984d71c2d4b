import type { ClusterFacts, NodeFacts, PodFacts } from "../../model/facts.ts";
import { counted } from "../../model/some-of.ts";
import { type Check, type Finding, few, ok, warning } from "../check.ts";
import { isAlive, movablePods } from "../workloads/movable.ts";

interface Load {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

const nothing: Load = { cpuMillis: 0, memoryBytes: 0, pods: 0 };

const plus = (a: Load, b: Load): Load => ({
  cpuMillis: a.cpuMillis + b.cpuMillis,
  memoryBytes: a.memoryBytes + b.memoryBytes,
  pods: a.pods + b.pods,
});

const loadOf = ({ cpuMillis, memoryBytes }: PodFacts): Load => ({ cpuMillis, memoryBytes, pods: 1 });

function loads(pods: readonly PodFacts[]): ReadonlyMap<string, Load> {
  const sums = new Map<string, Load>();
  for (const pod of pods) if (pod.node !== null) sums.set(pod.node, plus(sums.get(pod.node) ?? nothing, loadOf(pod)));
  return sums;
}

/** Takes new pods that tolerate nothing. */
export const open = ({ ready, cordoned, taints }: NodeFacts) =>
  ready && !cordoned && !taints.some(({ effect }) => effect === "NoSchedule" || effect === "NoExecute");

function freeOn(node: NodeFacts, used: Load = nothing): Load {
  return {
    cpuMillis: Math.max(0, node.allocatableCpuMillis - used.cpuMillis),
    memoryBytes: Math.max(0, node.allocatableMemoryBytes - used.memoryBytes),
    pods: Math.max(0, node.allocatablePods - used.pods),
  };
}

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function lacking(need: Load, free: Load): readonly string[] {
  return [
    ...(need.cpuMillis > free.cpuMillis ? [`${need.cpuMillis}m CPU into ${free.cpuMillis}m`] : []),
    ...(need.memoryBytes > free.memoryBytes
      ? [`${gibibytes(need.memoryBytes)} memory into ${gibibytes(free.memoryBytes)}`]
      : []),
    ...(need.pods > free.pods ? [`${counted(need.pods, "pod")} into ${counted(free.pods, "place")}`] : []),
  ];
}

function judge(facts: ClusterFacts, moved: ClusterFacts): Finding {
  const used = loads(facts.pods.filter(isAlive));
  const moving = loads(movablePods(moved));
  const free = new Map(facts.nodes.filter(open).map((node) => [node.name, freeOn(node, used.get(node.name))]));
  const whole = [...free.values()].reduce(plus, nothing);
  const tight = moved.nodes.flatMap(({ name }) => {
    const own = free.get(name) ?? nothing;
    const rest = {
      cpuMillis: whole.cpuMillis - own.cpuMillis,
      memoryBytes: whole.memoryBytes - own.memoryBytes,
      pods: whole.pods - own.pods,
    };
    const lacks = lacking(moving.get(name) ?? nothing, rest);
    return lacks.length === 0 ? [] : [`${name} (${lacks.join(", ")})`];
  });
  return tight.length === 0 ? ok() : warning("capacity-short", few(tight), tight);
}

/** Adds up requests; whether each single pod finds its place only the scheduler knows. */
export const capacity: Check = {
  id: "capacity",
  check({ members: facts, moving }) {
    if (facts.nodes.length > 1) return judge(facts, moving);
    const names = facts.nodes.map(({ name }) => name);
    return warning("only-one-node", {}, names);
  },
};
