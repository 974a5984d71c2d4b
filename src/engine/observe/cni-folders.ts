import type { PodFacts } from "../model/facts.ts";
import { isPodOfSource } from "../model/plan/source-workloads.ts";
import type { SourceFacts } from "../model/plan-types.ts";

/** Where a CNI keeps its configuration, its programs and its state on a node. */
const folders = ["/etc/cni", "/opt/cni", "/var/lib/cni", "/run/cni"];

/** /var/run is /run on every machine. */
const within = (path: string) => (folder: string) =>
  `${path.replace(/^\/var\/run\//, "/run/")}/`.startsWith(`${folder}/`);

/** Cilium's DaemonSets, and ours. */
const known: ReadonlySet<string> = new Set(["cilium", "cilium-envoy", "crossfade-probe", "crossfade-cleaner"]);

/** The CNI's folders of its node that a pod mounts; none for the pods of the CNIs themselves and of ours. */
export function cniFoldersOf(
  pod: PodFacts,
  source: Pick<SourceFacts, "workloads" | "stateFolders">,
): readonly string[] {
  const owner = pod.owner?.name ?? "";
  if (known.has(owner) || isPodOfSource(source, pod)) return [];
  return pod.hostPaths
    .filter(({ path }) => [...folders, ...source.stateFolders].some(within(path)))
    .map(({ path }) => path);
}
