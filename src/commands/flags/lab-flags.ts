import type { CniDriver } from "crossfade-lab/cni/cni-driver.ts";
import { cniDrivers } from "crossfade-lab/cni/registry.ts";
import { defaultLabOptions, type LabOptions } from "crossfade-lab/lab-options.ts";
import { checkOptions } from "crossfade-lab/lab-plan.ts";
import { scenarios } from "crossfade-lab/scenarios.ts";
import type { Flags, Given, World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { isSet, oneOf, positive, text, wholeNumber } from "./flags.ts";

export const labFlags = {
  nodes: { type: "string", value: "N", help: `nodes of the lab (default: ${defaultLabOptions.nodes})` },
  pods: { type: "string", value: "N", help: `workload pods (default: ${defaultLabOptions.pods})` },
  source: {
    type: "string",
    value: "CNI",
    help: `the CNI it starts with: ${cniDrivers.map(({ name }) => name).join(", ")}`,
  },
  backend: {
    type: "string",
    value: "B",
    help: `how it carries packets: ${cniDrivers.map(({ name, backends }) => `${name} by ${backends.join(", ")}`).join("; ")}`,
  },
  subnets: { type: "string", value: "N", help: "networks that its machines are spread over: 1 or 2 (default: 1)" },
  seed: { type: "string", value: "N", help: "the same seed tells the same story (default: 1)" },
  speed: { type: "string", value: "X", help: "lab seconds per second" },
  scenario: { type: "string", value: "NAME", help: "a way to misbehave (list: which there are)" },
  "keep-boot-id": { type: "boolean", help: "a restarted node keeps its bootID, as in kind" },
} as const satisfies Flags;

/** The lab says in a sentence what it cannot be built of. */
function possible(options: LabOptions): LabOptions {
  try {
    checkOptions(options);
    return options;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new CommandError("USAGE", thrown.message, "give other --nodes, --pods, --speed or --scenario");
  }
}

/** `--scenario list` asks which there are: a list, and nothing is started. */
export function listScenarios(given: Given, { stdout }: World): boolean {
  if (text(given, "scenario") !== "list") return false;
  const widest = Math.max(...scenarios.map(({ name }) => name.length));
  for (const { name, summary } of scenarios) stdout.write(`${name.padEnd(widest)}  ${summary}\n`);
  return true;
}

/** Said before a lab is started, which takes seconds, and minutes where it is large. */
export function sayLabStarts({ nodes, pods }: LabOptions, { stderr }: World): void {
  if (stderr.isTTY !== true) return;
  const time = nodes > 50 ? "; this takes a minute or more" : "";
  stderr.write(`crossfade: starting an embedded cluster of ${nodes} nodes and ${pods} pods${time}\n`);
}

function sourceOf(given: Given): CniDriver {
  const names = cniDrivers.map(({ name }) => name);
  const wanted = oneOf(given, "source", names) ?? defaultLabOptions.source;
  return cniDrivers.find(({ name }) => name === wanted) ?? cniDrivers[0];
}

export function labOptions(given: Given, speed: number): LabOptions {
  const source = sourceOf(given);
  return possible({
    ...defaultLabOptions,
    nodes: wholeNumber(given, "nodes", [1, 500]) ?? defaultLabOptions.nodes,
    pods: wholeNumber(given, "pods", [0, 20_000]) ?? defaultLabOptions.pods,
    source: source.name,
    backend: oneOf(given, "backend", source.backends) ?? source.backends[0],
    subnets: wholeNumber(given, "subnets", [1, 2]) ?? defaultLabOptions.subnets,
    seed: wholeNumber(given, "seed", [0, 2_147_483_647]) ?? defaultLabOptions.seed,
    speed: positive(given, "speed") ?? speed,
    scenario: text(given, "scenario") ?? null,
    keepBootId: isSet(given, "keep-boot-id"),
  });
}
