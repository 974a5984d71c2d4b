import { CrossfadeError } from "../engine/errors.ts";
import { defaultLabOptions, type LabOptions } from "../lab/lab-options.ts";
import { checkOptions } from "../lab/lab-plan.ts";
import { scenarios } from "../lab/scenarios.ts";
import type { Flags, Given } from "./command.ts";
import { isSet, oneOf, positive, text, wholeNumber } from "./flags.ts";

export const labFlags = {
  nodes: { type: "string", value: "N", help: `nodes of the lab (default: ${defaultLabOptions.nodes})` },
  pods: { type: "string", value: "N", help: `workload pods (default: ${defaultLabOptions.pods})` },
  source: { type: "string", value: "CNI", help: "the CNI it starts with: flannel" },
  backend: { type: "string", value: "B", help: "vxlan or host-gw" },
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
    throw new CrossfadeError("USAGE", thrown.message, "give other --nodes, --pods, --speed or --scenario");
  }
}

/** `--scenario list` asks which there are. */
function scenario(given: Given): string | null {
  const name = text(given, "scenario") ?? null;
  if (name !== "list") return name;
  const lines = scenarios.map((one) => `  ${one.name}: ${one.summary}`);
  throw new CrossfadeError("USAGE", `the lab plays:\n${lines.join("\n")}`, "give one of these names to --scenario");
}

export function labOptions(given: Given, speed: number): LabOptions {
  return possible({
    ...defaultLabOptions,
    nodes: wholeNumber(given, "nodes", [1, 500]) ?? defaultLabOptions.nodes,
    pods: wholeNumber(given, "pods", [0, 20_000]) ?? defaultLabOptions.pods,
    source: oneOf(given, "source", ["flannel"] as const) ?? "flannel",
    backend: oneOf(given, "backend", ["vxlan", "host-gw"] as const) ?? defaultLabOptions.backend,
    seed: wholeNumber(given, "seed", [0, 2_147_483_647]) ?? defaultLabOptions.seed,
    speed: positive(given, "speed") ?? speed,
    scenario: scenario(given),
    keepBootId: isSet(given, "keep-boot-id"),
  });
}
