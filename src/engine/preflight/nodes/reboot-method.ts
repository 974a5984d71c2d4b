import type { NodeFacts } from "../../model/facts.ts";
import { someOf } from "../../model/some-of.ts";
import { blocker, type Check, type CheckInput, type Finding, ok, warning } from "../check.ts";

const onKind = ({ providerId }: NodeFacts) => providerId.startsWith("kind://");
const namesOf = (nodes: readonly NodeFacts[]) => nodes.map(({ name }) => name);

function kindMethod({ moving: facts }: CheckInput): Finding {
  const others = namesOf(facts.nodes.filter((node) => !onKind(node)));
  if (others.length === 0) return ok("Nodes are restarted as kind's containers; their boot ID stays");
  return blocker(
    `--reboot kind restarts containers, and these nodes are none: ${someOf(others)}`,
    "choose --reboot privileged-pod, command or none",
    others,
  );
}

function podMethod({ moving: facts }: CheckInput): Finding {
  const containers = namesOf(facts.nodes.filter(onKind));
  if (containers.length > 0) {
    return blocker(
      `A node of kind does not come back when it is told to reboot from within: ${someOf(containers)}`,
      "choose --reboot kind",
      containers,
    );
  }
  const shut = namesOf(facts.nodes.filter(({ osImage }) => /talos|bottlerocket/i.test(osImage)));
  if (shut.length > 0) {
    return blocker(
      `The system of some nodes lets no pod reboot it: ${someOf(shut)}`,
      "choose --reboot command, for example: --reboot-command 'talosctl reboot --nodes {address}'",
      shut,
    );
  }
  return ok("A short-lived privileged pod in Crossfade's own namespace restarts each node");
}

function commandMethod(argv: readonly string[]): Finding {
  if (argv.length === 0)
    return blocker("--reboot command needs a command", "give it with --reboot-command 'ssh {address} sudo reboot'");
  if (argv.some((word) => word.includes("{node}") || word.includes("{address}")))
    return ok(`Each node is restarted by: ${argv.join(" ")}`);
  return blocker(
    "The reboot command names neither {node} nor {address}, so it would do the same for every node",
    "put {node} or {address} in it, for example: ssh {address} sudo reboot",
  );
}

/** A method that cannot work would show only when the first node is already drained. */
export const rebootMethod: Check = {
  id: "reboot-method",
  title: "Reboot method",
  check(input) {
    const { reboot } = input.options;
    switch (reboot.method) {
      case "none":
        return ok(
          `No node is restarted: pods are recreated, and the host keeps rules of ${input.source.name} until they are cleaned at the end`,
        );
      case "manual":
        return warning(
          "The run waits at every node until you restarted it",
          "tell it with the key that the node's hold names",
        );
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
