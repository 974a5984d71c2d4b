import { lineOf, parseVersion } from "../../values/version.ts";
import { type Check, ok, warning } from "../check.ts";

/** Minor versions of Kubernetes 1.x that each line of Cilium is tested with (Documentation/network/kubernetes/compatibility). */
const tested: Readonly<Record<string, readonly [number, number]>> = {
  "1.16": [27, 30],
  "1.17": [29, 32],
  "1.18": [30, 33],
  "1.19": [31, 34],
  "1.20": [33, 36],
};

/** The chart installs on any Kubernetes, so an untested pair is no error anywhere else. */
export const versionMatrix: Check = {
  id: "version-matrix",
  title: "Kubernetes and Cilium versions are compatible",
  check({ facts, target }) {
    const cilium = parseVersion(target.version);
    const kubernetes = parseVersion(facts.kubernetesVersion);
    const range = cilium && tested[lineOf(cilium)];
    const pair = `Cilium ${target.version} with Kubernetes ${facts.kubernetesVersion}`;
    if (!range || !kubernetes)
      return warning(`Whether ${pair} is tested is not known here`, "look it up in Cilium's compatibility page");
    const [low, high] = range;
    const known = `Cilium ${lineOf(cilium)} is tested with Kubernetes 1.${low} to 1.${high}`;
    if (kubernetes.major === 1 && kubernetes.minor >= low && kubernetes.minor <= high) return ok(known);
    const fit = Object.entries(tested).filter(([, [from, to]]) => kubernetes.minor >= from && kubernetes.minor <= to);
    const better = fit.at(-1)?.[0];
    return warning(
      `${pair} is untested: ${known}`,
      better ? `choose a --cilium-version ${better}.x` : "try it on a copy of the cluster first",
    );
  },
};
