import type { HostPath, PodFacts } from "../../model/facts.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** Sockets, devices and what the system makes anew are no data. */
const system = /^\/(dev|proc|sys|run|var\/run|etc\/(ssl|pki|localtime|machine-id))(\/|$)/;

const keeps = ({ path, writable }: HostPath) => writable && !system.test(path);

/** Its data stays behind: the pod that comes in its place starts on another node, without it. */
export const hostPaths: Check = {
  id: "host-paths",
  title: "Pods with writable hostPath volumes",
  check({ moving: facts }) {
    const pinned = ({ nodeSelector }: PodFacts) => "kubernetes.io/hostname" in nodeSelector;
    const found = movablePods(facts)
      .filter((pod) => !pinned(pod) && pod.hostPaths.some(keeps))
      .map(
        (pod) =>
          `${fullName(pod)} (${pod.hostPaths
            .filter(keeps)
            .map(({ path }) => path)
            .join(", ")})`,
      );
    if (found.length === 0) return ok("No pod that moves writes to a folder of its node");
    const one = found.length === 1;
    return warning(
      `${counted(found.length, "pod")} ${one ? "writes" : "write"} to a folder of ${one ? "its node" : "their nodes"}, and may start on another without it: ${someOf(found)}`,
      "give them a volume, or a nodeSelector by kubernetes.io/hostname: then they wait until their node is back",
      found,
    );
  },
};
