import { listIn } from "../../../policies/json-in.ts";
import type { PolicyWorld } from "../../../policies/policy-world.ts";
import type { CalicoPolicy, Direction, Entity, Rule } from "./rules.ts";

/** As which Kubernetes' own policies count among Calico's. */
const kubernetesOrder = 1_000;

/** Whether a rule's end is everything. */
export const isAnyEnd = (entity: Entity): boolean =>
  Object.values(entity).every(
    (value) => value === "" || value === false || (Array.isArray(value) && value.length === 0),
  );

export const isForAll = ({ protocol, icmp, source, destination, more }: Rule): boolean =>
  protocol === "" && Object.keys(icmp).length === 0 && more.length === 0 && isAnyEnd(source) && isAnyEnd(destination);

/** Rules up to the first that is for everything: those behind it are never reached. */
export function reached(rules: readonly Rule[]): readonly Rule[] {
  const last = rules.findIndex((rule) => isForAll(rule) && (rule.action === "Allow" || rule.action === "Deny"));
  return last === -1 ? rules : rules.slice(0, last + 1);
}

interface Beside {
  readonly name: string;
  readonly order: number;
}

/** Policies that may select the same pods and allow something in this direction. */
function allowing(policy: CalicoPolicy, all: readonly CalicoPolicy[], direction: Direction): readonly Beside[] {
  return all.filter(
    (other) =>
      other !== policy &&
      other.tier === policy.tier &&
      other.types.includes(direction) &&
      (policy.namespace === null || other.namespace === null || policy.namespace === other.namespace) &&
      other[direction].some(({ action }) => action === "Allow"),
  );
}

function kubernetes(policy: CalicoPolicy, { objects }: PolicyWorld, direction: Direction): readonly Beside[] {
  return (objects["networkpolicies.networking.k8s.io"] ?? [])
    .filter(({ metadata }) => policy.namespace === null || (metadata.namespace ?? "default") === policy.namespace)
    .filter(({ spec }) => listIn(spec[direction]).length > 0)
    .map(({ metadata }) => ({ name: `${metadata.namespace ?? "default"}/${metadata.name}`, order: kubernetesOrder }));
}

/**
 * Names of the policies with which the order decides: those that allow before something is denied here, and those that
 * would allow after everything was. Cilium's denials win wherever they stand.
 */
export function decidedByOrder(
  policy: CalicoPolicy,
  direction: Direction,
  all: readonly CalicoPolicy[],
  world: PolicyWorld,
): readonly string[] {
  const rules = reached(policy[direction]);
  const last = rules.at(-1);
  const closes = last?.action === "Deny" && isForAll(last);
  const open = closes ? rules.slice(0, -1) : rules;
  const lastDenial = open.findLastIndex(({ action }) => action === "Deny");
  const beside = [...allowing(policy, all, direction), ...kubernetes(policy, world, direction)];
  const inOwn = open.slice(0, Math.max(0, lastDenial)).some(({ action }) => action === "Allow");
  const before = lastDenial === -1 ? [] : beside.filter(({ order }) => order <= policy.order);
  const after = closes ? beside.filter(({ order }) => order >= policy.order) : [];
  return [...new Set([...(inOwn ? ["its own rules"] : []), ...[...before, ...after].map(({ name }) => name)])];
}
