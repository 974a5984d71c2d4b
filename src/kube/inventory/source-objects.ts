import { kindName, type ObjectKind, type SourceObject } from "../../engine/model/cluster/source-object.ts";
import type { ClusterFacts } from "../../engine/model/facts.ts";
import type { JsonObject } from "../../engine/model/plan-types.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { listAs } from "../objects/pages.ts";
import { at, fields, text, textMap } from "../objects/read.ts";
import type { Uncounted } from "./uncounted.ts";
import { ownersOf } from "./workload-facts.ts";

/** An object as the engine reads it; what is no object in it counts as empty. */
export function sourceObject(object: KubeObject): SourceObject {
  const namespace = text(at(object, "metadata", "namespace"));
  return {
    apiVersion: text(at(object, "apiVersion")),
    metadata: {
      name: object.metadata.name,
      ...(namespace === "" ? {} : { namespace }),
      labels: textMap(at(object, "metadata", "labels")),
      annotations: textMap(at(object, "metadata", "annotations")),
      owners: ownersOf(object),
    },
    spec: fields(at(object, "spec")) as JsonObject,
    status: fields(at(object, "status")) as JsonObject,
  };
}

interface Wanted {
  readonly kinds: readonly ObjectKind[];
  readonly resources: ClusterFacts["apiResources"];
  readonly uncounted: Uncounted;
  readonly signal: AbortSignal;
}

/** All objects of these kinds, where they are served; a list that cannot be read is told, and stays away. */
export async function sourceObjects(
  client: KubeClient,
  { kinds, resources, uncounted, signal }: Wanted,
): Promise<ClusterFacts["sourceObjects"]> {
  const asking = kinds.flatMap((kind) => {
    const { group, resource } = kind;
    const apiVersion = Object.keys(resources).find(
      (version) => version.startsWith(`${group}/`) && resources[version]?.includes(resource),
    );
    if (apiVersion === undefined) return [];
    const name = kindName(kind);
    // The items of a list do not say their version.
    const project = (object: KubeObject) => ({ ...sourceObject(object), apiVersion });
    const listing = listAs(client, `/apis/${apiVersion}/${resource}`, project, { signal });
    return [uncounted.unless<readonly SourceObject[]>(name, listing, []).then((found) => [name, found] as const)];
  });
  return Object.fromEntries(await Promise.all(asking));
}
