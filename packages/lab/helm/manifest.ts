import type { KubeObject } from "../objects.ts";
import { documentsOf, toYaml } from "./yaml.ts";

/** Objects as the documents of a rendered chart. */
export function toManifest(objects: readonly KubeObject[]): string {
  return objects
    .map(
      (object) =>
        `---\n# Source: cilium/templates/${object.kind.toLowerCase()}-${object.metadata.name}.yaml\n${toYaml(object)}`,
    )
    .join("");
}

export function fromManifest(manifest: string): readonly KubeObject[] {
  return (documentsOf(manifest) as (KubeObject | null)[]).filter((object) => object !== null);
}

/** Same kind, namespace and name: the same object, whatever else changed. */
export function identity({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}
