import { ciliumConfFile } from "../model/cilium-names.ts";
import type { CniFile } from "../model/facts.ts";

/** What container runtimes read in the conf directory; everything else (kubeconfigs, .cilium_bak) they pass over. */
const active = (name: string) => /\.(conf|conflist|json)$/.test(name);

/** Of these names those that a runtime would consider, in the order in which it does: the first one wins. */
export const activeNames = (names: readonly string[]): readonly string[] =>
  names.filter(active).toSorted((a, b) => (a < b ? -1 : 1));

/** Names of the configurations that a runtime would consider, in the order in which it does. */
export const activeFiles = (files: readonly CniFile[]): readonly string[] => activeNames(files.map(({ name }) => name));

/** The CNI that gives the next pod its address. */
export function cniInCharge(files: readonly CniFile[], sourceConf: string): "source" | "cilium" | "unknown" {
  const [first] = activeFiles(files);
  if (first === ciliumConfFile) return "cilium";
  return first === sourceConf ? "source" : "unknown";
}
