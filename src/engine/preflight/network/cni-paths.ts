import { counted, someOf } from "../../model/some-of.ts";
import { cniFoldersOf } from "../../observe/cni-folders.ts";
import { type Check, ok, warning } from "../check.ts";

/** What reads the old CNI's file or counts on its bridge fails on a node that has neither any more. */
export const cniPaths: Check = {
  id: "cni-paths",
  title: "Pods that mount the CNI directories",
  check({ facts, source }) {
    const found = new Map<string, string>();
    for (const pod of facts.pods) {
      const paths = cniFoldersOf(pod, source);
      if (paths.length === 0) continue;
      found.set(`${pod.namespace}/${pod.owner?.name ?? pod.name}`, paths.join(", "));
    }
    const lines = [...found].map(([name, paths]) => `${name} (${paths})`);
    if (lines.length === 0) return ok("Nothing but the CNIs mounts the CNI's folders of a node");
    const one = lines.length === 1;
    return warning(
      `${counted(lines.length, "workload")} ${one ? "mounts" : "mount"} the CNI's folders of a node, where the old CNI's file and bridge go: ${someOf(lines)}`,
      "see whether it works on a node without them; a node whose DaemonSets do not come back Ready is held before pods may return",
      lines,
    );
  },
};
