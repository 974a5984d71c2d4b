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
  check({ facts, target }) {
    const cilium = parseVersion(target.version);
    const kubernetes = parseVersion(facts.kubernetesVersion);
    const range = cilium && tested[lineOf(cilium)];
    const pair = { cilium: target.version, kubernetes: facts.kubernetesVersion };
    if (!range || !kubernetes) return warning("versions-unknown", pair);
    const [low, high] = range;
    const known = { line: lineOf(cilium), low, high };
    if (kubernetes.major === 1 && kubernetes.minor >= low && kubernetes.minor <= high)
      return ok("versions-tested", known);
    const fit = Object.entries(tested).filter(([, [from, to]]) => kubernetes.minor >= from && kubernetes.minor <= to);
    return warning("versions-untested", { ...pair, ...known, better: fit.at(-1)?.[0] ?? null });
  },
};
