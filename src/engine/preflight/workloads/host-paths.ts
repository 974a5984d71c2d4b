import type { HostPath, PodFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** Sockets, devices and what the system makes anew are no data. */
const system = /^\/(dev|proc|sys|run|var\/run|etc\/(ssl|pki|localtime|machine-id))(\/|$)/;

const keeps = ({ path, writable }: HostPath) => writable && !system.test(path);

/** Its data stays behind: the pod that comes in its place starts on another node, without it. */
export const hostPaths: Check = {
  id: "host-paths",
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
    return found.length === 0 ? ok() : warning("pods-with-host-path", some(found), found);
  },
};
