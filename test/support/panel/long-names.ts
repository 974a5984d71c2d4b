import type { EngineEvent, PathScore } from "../../../src/engine/model/events.ts";
import { reason, thePod } from "../../../src/engine/model/reason.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { now } from "../a-node.ts";

/** As long as Kubernetes lets a label be, and unlike only at its end. */
export const longName = (name: string): string =>
  `prod-eu-central-1a-general-purpose-nodes-of-the-second-pool-${name}`.slice(-63);

/** The same run on nodes with long names. */
export function withLongNames(state: MigrationState): MigrationState {
  const names = state.order.toSorted((one, other) => other.length - one.length);
  const renamed = names.reduce((text, name) => text.replaceAll(name, longName(name)), JSON.stringify(state));
  return JSON.parse(renamed) as MigrationState;
}

const lossy = (score: PathScore): PathScore => {
  if (score.path === "dns")
    return { ...score, unknown: 3, notMeasured: "exec into the probe pod took longer than 10 s" };
  if (score.path !== "source-to-cilium") return score;
  return { ...score, expected: 12, lastError: "dial tcp 10.245.5.17:8080: connect: no route to host" };
};

const agent = thePod({ namespace: "kube-system", name: "cilium-x7k2p" });

const withoutImage = {
  pod: null,
  unmade: null,
  namespace: "kube-system",
  why: 'ImagePullBackOff: Back-off pulling image "registry.example.internal/mirror/quay.io/cilium/cilium:v1.18.12": not found',
  restarts: 0,
  lastFailure: "",
  more: 0,
  cause: "image",
  named: null,
} as const;

/** An agent without an image, a node that was left out with a long reason, and losses with long words. */
export const longReasons = (scores: readonly PathScore[]): readonly EngineEvent[] => [
  { type: "node-step-finished", at: now - 120_000, node: "worker-2", step: "drain", tookMs: 10_000, note: "" },
  { type: "node-step-started", at: now - 110_000, node: "worker-2", step: "restart-agent" },
  {
    type: "node-held",
    at: now,
    node: "worker-2",
    hold: {
      reason: reason("agent-not-ready", { node: "worker-2", trouble: withoutImage }, { object: agent }),
      since: now - 96_000,
    },
  },
  {
    type: "node-excluded",
    at: now,
    node: "worker-4",
    because: "excluded by ada@bastion, who has its rack rebuilt until Thursday and takes it in again then",
  },
  { type: "connectivity", at: now, scores: scores.map(lossy) },
];
