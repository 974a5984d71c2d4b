import type { FrozenOwner } from "../model/plan/frozen-owner.ts";
import type { SourceRight } from "../model/ports/source-directory.ts";

const kinds: Readonly<Record<Lowercase<FrozenOwner["kind"]>, readonly [group: string, resource: string]>> = {
  deployment: ["apps", "deployments"],
  statefulset: ["apps", "statefulsets"],
  application: ["argoproj.io", "applications"],
  kustomization: ["kustomize.toolkit.fluxcd.io", "kustomizations"],
  helmrelease: ["helm.toolkit.fluxcd.io", "helmreleases"],
};

/** Kinds of objects that can be held still, as kubectl takes them. */
export const ownerKinds = Object.keys(kinds) as readonly (keyof typeof kinds)[];

/** What it takes to hold one of them still, and to put it back. */
export function ownerRight(kind: keyof typeof kinds, name: string): SourceRight {
  const [group, resource] = kinds[kind];
  return { group, resource, verbs: ["get", "patch"], names: [name] };
}
