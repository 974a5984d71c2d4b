import { removalOf } from "../engine/sources/registry.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { clusterFlags, isSet, text } from "./flags/flags.ts";
import { planFlags } from "./flags/plan-flags.ts";
import { type FilesInWords, writeFiles } from "./flags/write-files.ts";
import { writeValues } from "./flags/write-values.ts";
import { jsonPlan } from "./headless/json-check.ts";
import { printPlan } from "./headless/print-plan.ts";
import { sayingWhile } from "./headless/while-waiting.ts";
import { isBlocked, withPlan } from "./preflight.ts";
import { neededImages } from "./processes/needed-images.ts";
import { sourceFiles } from "./processes/source-files.ts";

const savedInWords: FilesInWords = {
  what: "the old CNI's objects",
  flag: "--save-source DIR",
  differs: "the cluster has other objects now",
};

/** Says what a migration would do, and touches nothing. */
export const plan: Command = {
  name: "plan",
  summary: "Show what a migration would change (read-only)",
  flags: {
    json: { type: "boolean", help: "the plan as JSON" },
    values: { type: "string", value: "DIR", help: "write the planned values files there" },
    "save-source": {
      type: "string",
      value: "DIR",
      help: "write the old CNI's objects, all NetworkPolicies and kube-proxy's configuration there, as YAML to apply again",
    },
    ...clusterFlags,
    ...chartAccessFlags,
    ...planFlags,
  },
  async run(given, _operands, world) {
    const saved = text(given, "save-source");
    const { made, needed, source } = await withPlan(given, world, async (planned, cluster, facts) => {
      const asked = () => neededImages(planned, (one) => cluster.chartImages(one, world.signal));
      const says = "has helm list the chart's images; given up after 2 min";
      const source =
        saved === undefined
          ? {}
          : await sourceFiles(
              { removed: removalOf(planned.source).objects, read: facts.sourceObjects },
              cluster.ports.objects,
            );
      return { made: planned, source, needed: await sayingWhile(cluster.say, says, asked) };
    });
    const folder = text(given, "values");
    if (isSet(given, "json")) world.stdout.write(`${harmlessJson({ ...jsonPlan(made), ...needed }, 2)}\n`);
    else for (const line of printPlan(made, needed, world.stdout.columns ?? 100)) world.stdout.write(`${line}\n`);
    // With --json stdout holds the plan alone.
    const say = isSet(given, "json") ? world.stderr : world.stdout;
    if (folder !== undefined) for (const path of writeValues(made, folder)) say.write(`wrote ${path}\n`);
    if (saved !== undefined) for (const path of writeFiles(source, saved, savedInWords)) say.write(`wrote ${path}\n`);
    return isBlocked(made) ? exitCodes.blocked : exitCodes.done;
  },
};
