import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../engine/plan-types.ts";
import type { Command, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet, text } from "./flags.ts";
import { planFlags } from "./plan-flags.ts";
import { isBlocked, planOnce } from "./preflight.ts";
import { printPlan } from "./print-plan.ts";

/** The commented YAML for a person, and beside it the JSON that helm is handed. */
function writeValues(plan: Plan, folder: string, { stdout }: World): void {
  mkdirSync(folder, { recursive: true });
  const files = {
    "values-initial.yaml": plan.values.initialYaml,
    "values-final.yaml": plan.values.finalYaml,
    "values-initial.json": `${JSON.stringify(plan.values.initial, null, 2)}\n`,
    "values-final.json": `${JSON.stringify(plan.values.final, null, 2)}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    stdout.write(`wrote ${join(folder, name)}\n`);
  }
}

/** Says what a migration would do, and touches nothing. */
export const plan: Command = {
  name: "plan",
  summary: "Show what a migration would do; touches nothing",
  flags: {
    json: { type: "boolean", help: "the plan as JSON" },
    values: { type: "string", value: "DIR", help: "write the planned values files there" },
    ...clusterFlags,
    ...planFlags,
  },
  async run(given, _operands, world) {
    const made = await planOnce(given, world);
    const folder = text(given, "values");
    if (isSet(given, "json")) world.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    else for (const line of printPlan(made, world.stdout.columns ?? 100)) world.stdout.write(`${line}\n`);
    if (folder !== undefined) writeValues(made, folder, world);
    return isBlocked(made) ? exitCodes.blocked : exitCodes.done;
  },
};
