import { cniFoldersOf } from "../../observe/cni-folders.ts";
import { type Check, ok, some, warning } from "../check.ts";

/** What reads the old CNI's file or counts on its bridge fails on a node that has neither any more. */
export const cniPaths: Check = {
  id: "cni-paths",
  check({ facts, source }) {
    const found = new Map<string, string>();
    for (const pod of facts.pods) {
      const paths = cniFoldersOf(pod, source);
      if (paths.length === 0) continue;
      found.set(`${pod.namespace}/${pod.owner?.name ?? pod.name}`, paths.join(", "));
    }
    const lines = [...found].map(([name, paths]) => `${name} (${paths})`);
    return lines.length === 0 ? ok() : warning("workloads-mount-cni", some(lines), lines);
  },
};
