import { ciliumConfFile } from "./cilium-names.ts";
import type { CniFile } from "./facts.ts";

/** What container runtimes read in the conf directory; everything else (kubeconfigs, .cilium_bak) they pass over. */
const active = (name: string) => /\.(conf|conflist|json)$/.test(name);

/** Names of the configurations that a runtime would consider, in the order in which it does: the first one wins. */
export function activeFiles(files: readonly CniFile[]): readonly string[] {
  return files
    .map(({ name }) => name)
    .filter(active)
    .sort((a, b) => (a < b ? -1 : 1));
}

/** The CNI that gives the next pod its address. */
export function cniInCharge(files: readonly CniFile[], sourceConf: string): "source" | "cilium" | "unknown" {
  const [first] = activeFiles(files);
  if (first === ciliumConfFile) return "cilium";
  return first === sourceConf ? "source" : "unknown";
}
