/** A workload of the lab, as its owner would describe it. */
export interface Workload {
  readonly kind: "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly port: number;
  /** Asked over HTTP for its readiness; without it a pod is ready when it runs. */
  readonly probed: boolean;
  readonly budget?: { readonly minAvailable: number } | { readonly maxUnavailable: number };
  readonly preStopSeconds?: number;
}

/** The part of every lab that is worth watching: guarded, alone, in order. */
const cast: readonly Workload[] = [
  { kind: "Deployment", namespace: "shop", name: "admin", replicas: 1, port: 8080, probed: true },
  {
    kind: "StatefulSet",
    namespace: "shop",
    name: "db",
    replicas: 3,
    port: 5432,
    probed: true,
    budget: { maxUnavailable: 1 },
  },
  {
    kind: "Deployment",
    namespace: "shop",
    name: "cart",
    replicas: 3,
    port: 8080,
    probed: true,
    budget: { minAvailable: 2 },
    preStopSeconds: 2,
  },
];

const crowd = [
  ["shop", "frontend"],
  ["shop", "catalog"],
  ["shop", "search"],
  ["payments", "ledger"],
  ["payments", "checkout"],
  ["media", "thumbnails"],
  ["media", "streamer"],
] as const;

const largestDeployment = 20;

/** Workloads that come to exactly so many pods. */
export function workloadPlan(pods: number): readonly Workload[] {
  const plan: Workload[] = [];
  let left = Math.max(0, pods);
  for (const member of cast) {
    if (left < member.replicas) break;
    plan.push(member);
    left -= member.replicas;
  }
  for (let round = 1; left > 0; round += 1) {
    for (const [index, [namespace, name]] of crowd.entries()) {
      const share = Math.ceil(left / (crowd.length - index));
      const replicas = Math.min(left, largestDeployment, Math.max(share, 2));
      if (replicas === 0) break;
      const suffix = round === 1 ? "" : `-${round}`;
      plan.push({ kind: "Deployment", namespace, name: name + suffix, replicas, port: 8080, probed: index % 2 === 0 });
      left -= replicas;
    }
  }
  return plan;
}
