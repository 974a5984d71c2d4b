import { sources as registered, rightsAt, rightsOf, sourceDirectory } from "../engine/sources/registry.ts";
import type { Source } from "../engine/sources/source.ts";
import type { RightsWanted } from "../kube/ports/rights.ts";
import { CommandError } from "./command-error.ts";

/** What is said of the old CNI where no cluster is asked. */
export interface GivenSource {
  /** Its id; every one that is known where left out. */
  readonly id?: string | undefined;
  readonly namespace?: string | undefined;
  readonly daemonSets?: readonly string[];
}

const idsOf = (sources: readonly Source[]) => sources.map(({ id }) => id).join(", ");

function chosen({ id }: GivenSource, known: readonly Source[]): readonly Source[] {
  if (id === undefined) return known;
  const found = known.filter((source) => source.id === id);
  if (found.length > 0) return found;
  throw new CommandError("USAGE", `--source ${id} is no source CNI that is known`, `known: ${idsOf(known)}`);
}

function sourceRights(given: GivenSource, known: readonly Source[]): RightsWanted["source"] {
  const { namespace, daemonSets = [] } = given;
  const sources = chosen(given, known);
  if (namespace === undefined && daemonSets.length === 0) return rightsOf(sources);
  const [source, ...others] = sources;
  if (!source || others.length > 0)
    throw new CommandError(
      "USAGE",
      "--source-namespace and --source-daemonset say where one source CNI lives",
      `name it with --source: ${idsOf(sources)}`,
    );
  const { usual } = source;
  const where = namespace ?? usual.namespace;
  const named = daemonSets.map((name) => ({ kind: "DaemonSet", namespace: where, name }) as const);
  // Those of the manifest, in the namespace that is named.
  const moved = usual.workloads.map((one) => (namespace === undefined ? one : { ...one, namespace }));
  return rightsAt(source, { namespace: where, workloads: named.length === 0 ? moved : named, own: null });
}

/** All that the table of rights must know. Throws USAGE where it cannot be told which source is meant. */
export const rightsFor = (
  ciliumNamespace: string,
  given: GivenSource,
  known: readonly Source[] = registered,
): RightsWanted => ({
  ciliumNamespace,
  configMaps: sourceDirectory.configMaps,
  source: sourceRights(given, known),
});

/** Where Cilium and the old CNI, whichever it is, are where their own manifests put them. */
export const usualRights = rightsFor("kube-system", {});
