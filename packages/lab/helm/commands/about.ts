import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartOf } from "../chart-reference.ts";
import { chartRepository } from "../charts/catalog.ts";
import { chartYaml, packChart } from "../charts/chart-archive.ts";
import { defaultValues } from "../charts/default-values.ts";
import type { CommandLine } from "../command-line.ts";
import { HelmError } from "../helm-error.ts";
import { toYaml } from "../yaml.ts";

/** helm version: says that it is the lab's. */
export function version({ flags, major }: CommandLine): string {
  const text = `${major >= 4 ? "v4.1.4" : "v3.17.2"}+crossfade-lab`;
  const { template } = flags;
  if (template !== undefined)
    return template.replace(/\{\{-?\s*\.Version\s*-?\}\}/g, text).replace(/\{\{[^}]*\}\}/g, "");
  if (flags.short === "true") return `${text}+g0000000`;
  return `version.BuildInfo{Version:"${text}", GitCommit:"0000000", GitTreeState:"clean", GoVersion:"go1.24"}`;
}

/** helm repo add|update|list: the lab keeps no list, one repository is always there. */
export function repo([what = "", name = "", url = ""]: readonly string[]): string {
  switch (what) {
    case "add":
      if (url.replace(/\/*$/, "/") !== chartRepository) {
        throw new HelmError(
          `looks like "${url}" is not a valid chart repository or cannot be reached: the lab knows ${chartRepository} only`,
        );
      }
      return `"${name}" has been added to your repositories`;
    case "update":
      return 'Hang tight while we grab the latest from your chart repositories...\n...Successfully got an update from the "cilium" chart repository\nUpdate Complete. ⎈Happy Helming!⎈';
    case "list":
      return `NAME\tURL\ncilium\t${chartRepository}`;
    default:
      throw new HelmError(`unknown command "${what}" for "helm repo" (the lab's helm knows add, update and list)`);
  }
}

/** helm pull: leaves the archive and says nothing, as helm does. */
export function pull(line: CommandLine, [reference = ""]: readonly string[]): void {
  const chart = chartOf(line, reference);
  const folder = line.flags.destination ?? ".";
  writeFileSync(join(folder, `cilium-${chart.version}.tgz`), packChart(chart));
}

/** helm show chart|values. */
export function show(line: CommandLine, [what = "", reference = ""]: readonly string[]): string {
  const chart = chartOf(line, reference);
  switch (what) {
    case "chart":
      return toYaml(chartYaml(chart)).trimEnd();
    case "values":
      return toYaml(defaultValues(chart)).trimEnd();
    default:
      throw new HelmError(`unknown command "${what}" for "helm show" (the lab's helm knows chart and values)`);
  }
}
