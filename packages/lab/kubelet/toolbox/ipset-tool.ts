import type { Machine } from "../../machine.ts";
import type { ExecResult } from "../../program.ts";
import { failed, printed, type Tool } from "./tool.ts";

const prefix = "ipset v7.19:";

/** ipset list [-n] [NAME], save, destroy [NAME], flush [NAME]: on the machine's own sets. A set that a rule names stays. */
export const ipset: Tool = (argv, { machine, inRootNetwork }) => {
  if (!inRootNetwork) return printed("");
  const [verb = "", name] = argv.slice(1).filter((word) => !word.startsWith("-"));
  if (name !== undefined && !machine.ipsets.has(name))
    return failed(1, `${prefix} The set with the given name does not exist`);
  const names = name === undefined ? [...machine.ipsets.keys()] : [name];
  const act = verbs[verb];
  return act ? act(machine, names, argv) : failed(2, `${prefix} the lab knows list, save, flush and destroy`);
};

type Act = (machine: Machine, names: readonly string[], argv: readonly string[]) => ExecResult;

const verbs: Readonly<Record<string, Act>> = {
  list: (machine, names, argv) => printed(listed(machine, names, argv.includes("-n") || argv.includes("-name"))),
  save: (machine, names) => printed(names.map((name) => saved(machine, name)).join("")),
  flush: (machine, names) => empty(machine, names, true),
  destroy: (machine, names) => empty(machine, names, false),
};

function listed(machine: Machine, names: readonly string[], onlyNames: boolean): string {
  if (onlyNames) return names.map((name) => `${name}\n`).join("");
  const blocks = names.map((name) => {
    const members = [...(machine.ipsets.get(name) ?? [])];
    return `Name: ${name}\nType: hash:net\nNumber of entries: ${members.length}\nMembers:\n${members.join("\n")}\n`;
  });
  return blocks.join("\n");
}

function saved(machine: Machine, name: string): string {
  const members = [...(machine.ipsets.get(name) ?? [])];
  return [`create ${name} hash:net family inet`, ...members.map((member) => `add ${name} ${member}`), ""].join("\n");
}

function empty(machine: Machine, names: readonly string[], keeps: boolean) {
  for (const name of names) {
    if (keeps) machine.ipsets.get(name)?.clear();
    else if (isUsed(machine, name))
      return failed(1, `${prefix} Set cannot be destroyed: it is in use by a kernel component`);
    else machine.ipsets.delete(name);
  }
  return printed("");
}

function isUsed(machine: Machine, name: string): boolean {
  const words = (rule: string) => rule.split(" ");
  return [...machine.chains.values()].some((rules) =>
    rules.some((rule) => words(rule).some((word, at, all) => word === name && all[at - 1] === "--match-set")),
  );
}
