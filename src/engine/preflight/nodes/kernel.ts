import { needsBtf } from "../../values/needs-btf.ts";
import { atLeast, parseVersion, type Version } from "../../values/version.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";

/** Red Hat's 4.18 has what Cilium needs ported back, from RHEL 8.10 (kernel 4.18.0-553) on. */
const isRedHat8 = (text: string) =>
  /^4\.18\.0-(\d+).*\.el8/.test(text) && Number(/^4\.18\.0-(\d+)/.exec(text)?.[1]) >= 553;

/** 1.18 and newer ask for 5.10, older lines for 4.19.57 (Documentation/operations/system_requirements.rst). */
function neededBy(cilium: Version | null): readonly [number, number, number] {
  return cilium === null || atLeast(cilium, 1, 18) ? [5, 10, 0] : [4, 19, 57];
}

/** An agent on too old a kernel does not start, and its node would be without a network after the move. */
export const kernel: Check = {
  id: "kernel",
  check({ moving: facts, target }) {
    const [major, minor, patch] = neededBy(parseVersion(target.version));
    const needed = `${major}.${minor}${patch === 0 ? "" : `.${patch}`}`;
    const linux = facts.nodes.filter(({ operatingSystem }) => operatingSystem !== "windows");
    const line = ({ name, kernelVersion }: { name: string; kernelVersion: string }) =>
      `${name} (${kernelVersion || "unknown"})`;
    const old = linux.filter(({ kernelVersion }) => {
      const version = parseVersion(kernelVersion);
      return version !== null && !atLeast(version, major, minor, patch) && !isRedHat8(kernelVersion);
    });
    if (old.length > 0) {
      const lines = old.map(line);
      return blocker("kernel-too-old", { cilium: target.version, needed, ...some(lines) }, lines);
    }
    const unknown = linux.filter(({ kernelVersion }) => parseVersion(kernelVersion) === null).map(line);
    if (unknown.length === 0 && needsBtf(target.version))
      return ok("kernel-new-enough-btf-later", { needed, cilium: target.version });
    if (unknown.length === 0) return ok("kernel-new-enough", { needed });
    return warning("kernel-unknown", { needed, ...some(unknown) }, unknown);
  },
};
