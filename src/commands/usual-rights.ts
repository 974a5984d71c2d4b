import { rightsAt, sourceDirectory, sources } from "../engine/sources/registry.ts";
import type { Source } from "../engine/sources/source.ts";
import type { RightsWanted } from "../kube/ports/rights.ts";

/** The source that rights are printed for: no cluster is asked. */
const [source] = sources as readonly [Source, ...Source[]];

/** Where its manifest puts it. */
export const usualSource = source.usual;

/** All that the table of rights must know, for an old CNI that lives there. */
export const rightsFor = (ciliumNamespace: string, place: Source["usual"]): RightsWanted => ({
  ciliumNamespace,
  configMaps: sourceDirectory.configMaps,
  source: rightsAt(source, place),
});

/** Where Cilium and the old CNI are where their own manifests put them. */
export const usualRights = rightsFor("kube-system", usualSource);
