import type { NodeFacts } from "../../model/facts.ts";
import { blocker, type Check, type CheckInput, type Finding, few, ok, warning } from "../check.ts";

const onKind = ({ providerId }: NodeFacts) => providerId.startsWith("kind://");
const namesOf = (nodes: readonly NodeFacts[]) => nodes.map(({ name }) => name);

function kindMethod({ moving: facts }: CheckInput): Finding {
  const others = namesOf(facts.nodes.filter((node) => !onKind(node)));
  return others.length === 0 ? ok("reboot-kind", {}) : blocker("reboot-kind-unfit", few(others), others);
}

function podMethod({ moving: facts }: CheckInput): Finding {
  const containers = namesOf(facts.nodes.filter(onKind));
  if (containers.length > 0) return blocker("reboot-pod-on-kind", few(containers), containers);
  const shut = namesOf(facts.nodes.filter(({ osImage }) => /talos|bottlerocket/i.test(osImage)));
  return shut.length > 0 ? blocker("reboot-pod-refused", few(shut), shut) : ok("reboot-pod", {});
}

function commandMethod(argv: readonly string[]): Finding {
  if (argv.length === 0) return blocker("reboot-command-missing", {});
  if (argv.some((word) => word.includes("{node}") || word.includes("{address}")))
    return ok("reboot-command", { command: argv.join(" ") });
  return blocker("reboot-command-unaddressed", {});
}

/** A method that cannot work would show only when the first node is already drained. */
export const rebootMethod: Check = {
  id: "reboot-method",
  check(input) {
    const { reboot } = input.options;
    switch (reboot.method) {
      case "none":
        return ok("reboot-none", { source: input.source.name });
      case "manual":
        return warning("reboot-manual", {});
      case "kind":
        return kindMethod(input);
      case "privileged-pod":
        return podMethod(input);
      case "command":
        return commandMethod(reboot.argv);
      default:
        return reboot satisfies never;
    }
  },
};
