import { type SavedOf, savedSource } from "../../engine/cleaning/saved-source.ts";
import type { Objects } from "../../engine/model/ports/objects.ts";
import { objectYaml } from "../../journal/object-yaml.ts";

/** What brings the source back by `kubectl apply`, as YAML by the names of files. */
export async function sourceFiles(of: SavedOf, objects: Objects): Promise<Readonly<Record<string, string>>> {
  const files = await savedSource(of, objects);
  return Object.fromEntries(Object.entries(files).map(([name, all]) => [name, objectYaml(all)]));
}
