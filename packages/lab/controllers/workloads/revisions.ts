import type { KubeObject } from "../../objects.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { PodTemplate } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { ownedBy } from "../owners.ts";
import { templateHash } from "./template-hash.ts";

/** An apps/v1 ControllerRevision: what the pods of a DaemonSet or StatefulSet were made from. */
export interface ControllerRevision extends KubeObject {
  revision: number;
  data: { spec: { template: PodTemplate } };
}

interface Templated extends KubeObject {
  spec: { template: PodTemplate; revisionHistoryLimit?: number };
}

const resource = "apps/controllerrevisions";

/** Records the owner's template as its newest revision; returns the hash that its pods bear. */
export function recordRevision({ store }: ControlPlane, owner: Templated, manager: string): string {
  const { namespace, name: ownerName } = identity(owner);
  const hash = templateHash(owner.spec.template);
  const name = `${ownerName}-${hash}`;
  const all = revisionsOf(store.list<ControllerRevision>(resource, namespace), owner);
  const newest = Math.max(0, ...all.filter(({ metadata }) => metadata.name !== name).map(({ revision }) => revision));
  const known = all.find(({ metadata }) => metadata.name === name);
  if (!known) {
    store.create<ControllerRevision>(resource, fresh(owner, hash, newest + 1), { manager });
  } else if (known.revision <= newest) {
    const raise = (copy: ControllerRevision) => {
      copy.revision = newest + 1;
    };
    store.change<ControllerRevision>(resource, namespace, name, raise, { manager });
  }
  return hash;
}

/** The template of an older revision, while its record is kept. */
export function templateOf({ store }: ControlPlane, owner: Templated, hash: string): PodTemplate | undefined {
  const { namespace, name } = identity(owner);
  return store.get<ControllerRevision>(resource, namespace, `${name}-${hash}`)?.data.spec.template;
}

/** Deletes what is beyond revisionHistoryLimit and not in use. */
export function dropRevisions({ store }: ControlPlane, owner: Templated, inUse: ReadonlySet<string>): void {
  const { namespace, name } = identity(owner);
  const idle = revisionsOf(store.list<ControllerRevision>(resource, namespace), owner)
    .filter(({ metadata }) => !inUse.has(metadata.name.slice(name.length + 1)))
    .sort((a, b) => a.revision - b.revision);
  const spare = Math.max(0, idle.length - (owner.spec.revisionHistoryLimit ?? 10));
  for (const { metadata } of idle.slice(0, spare)) store.delete(resource, namespace, metadata.name);
}

function revisionsOf(all: readonly ControllerRevision[], owner: KubeObject): readonly ControllerRevision[] {
  const uid = owner.metadata.uid;
  return all.filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === uid));
}

function fresh(owner: Templated, hash: string, revision: number): ControllerRevision {
  const { namespace, name } = identity(owner);
  const labels = { ...owner.spec.template.metadata?.labels, "controller-revision-hash": hash };
  return {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: { name: `${name}-${hash}`, namespace, labels, ownerReferences: [ownedBy(owner)] },
    data: { spec: { template: structuredClone(owner.spec.template) } },
    revision,
  };
}
