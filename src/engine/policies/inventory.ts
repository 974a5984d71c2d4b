import type { ClosedHost, PolicyFate, PolicyView } from "../model/policies/policy-view.ts";
import { ownPolicies } from "../sources/policy-dialects.ts";
import { kubernetesPolicies } from "./kubernetes-policies.ts";
import type { PolicyDialect, PolicyWorld } from "./policy-world.ts";

/** Every kind of policies that is read in full. */
const dialects: readonly PolicyDialect[] = [kubernetesPolicies, ...ownPolicies];

/** Every policy that is read, by kind and name, with what becomes of it. */
export const policiesOf = (world: PolicyWorld): readonly PolicyView[] => dialects.flatMap((one) => one.read(world));

/** Hosts whose policies stop what Cilium needs between nodes. */
export const closedHostsOf = (world: PolicyWorld): readonly ClosedHost[] =>
  dialects.flatMap((one) => one.closedHosts(world));

/** Of the kinds that are not read: how many objects there are, by kind. */
export function unreadPolicies(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const read = new Set(dialects.flatMap(({ kinds }) => kinds));
  return Object.fromEntries(Object.entries(counts).filter(([kind, count]) => count > 0 && !read.has(kind)));
}

/** The policies with one of these fates. */
export const withFate = (policies: readonly PolicyView[], ...fates: readonly PolicyFate[]): readonly PolicyView[] =>
  policies.filter(({ fate }) => fates.includes(fate));
