import { operatorDeployment } from "../../../model/cilium-names.ts";
import type { NodeFacts } from "../../../model/facts.ts";
import { done, type Observation, waiting } from "../../../model/observation.ts";
import { inTheWay, named } from "../../../model/reason.ts";
import type { RunScope } from "../../../model/step.ts";
import type { SourceRunStep } from "../../source-step.ts";

const taintKey = "node.kubernetes.io/network-unavailable";
const nothing = () => Promise.resolve();

/** Its status still counts pods that are on their way out: of those only as many as are wanted will stay. */
async function readyOperators({ ports, plan }: RunScope): Promise<number> {
  const operator = await ports.workloads.get("Deployment", plan.cilium.namespace, operatorDeployment);
  return operator ? Math.min(operator.ready, operator.desired) : 0;
}

/** calico-node's last word on each node is "the network is gone", and nobody but Cilium's operator takes it back. */
export const awaitCiliumOperator: SourceRunStep = {
  id: "calico/await-cilium-operator",
  before: "remove-source",
  timeoutMs: 15 * 60_000,
  typicalMs: 1_000,
  changes: () => [],
  async observe(scope) {
    if ((await readyOperators(scope)) > 0) return done;
    const object = inTheWay("Deployment", operatorDeployment, scope.plan.cilium.namespace);
    return waiting("operator-not-ready", { name: operatorDeployment, taint: taintKey }, { object });
  },
  apply: nothing,
  rollback: "nothing-to-roll-back",
};

const isUnavailable = ({ networkUnavailable, taints }: NodeFacts): boolean =>
  networkUnavailable || taints.some(({ key }) => key === taintKey);

/** No new pod is scheduled to a node that bears the taint: before the run goes on there, it must be gone. */
async function allAvailable(scope: RunScope): Promise<Observation> {
  const held = (await scope.ports.nodes.list()).filter(isUnavailable);
  if (held.length === 0) return done;
  const { nodes, more } = named(held.map(({ name }) => name));
  const why = [...new Set(held.map(({ networkReason }) => networkReason).filter((one) => one !== ""))].join(", ");
  const operators = await readyOperators(scope);
  return waiting("network-unavailable-left", { nodes, more, taint: taintKey, why, operators });
}

export const clearNetworkUnavailable: SourceRunStep = {
  id: "calico/clear-network-unavailable",
  before: "clean-nodes",
  timeoutMs: 15 * 60_000,
  typicalMs: 5_000,
  changes: () => [],
  observe: allAvailable,
  apply: nothing,
  rollback: "point-of-no-return",
};
