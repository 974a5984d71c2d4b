import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { createTar, parseTar } from "nanotar";
import { parse } from "yaml";
import { HelmError } from "../helm-error.ts";
import { toYaml } from "../yaml.ts";
import { type Chart, findChart } from "./catalog.ts";
import { kinds } from "./check-values.ts";
import { defaultValues } from "./default-values.ts";
import { subKeys, topLevelKeys } from "./value-names.ts";

interface Schema {
  type?: readonly string[];
  properties?: Record<string, Schema>;
}

/** The schema of a value below the root's, made where there is none. */
function at(root: Schema, path: string): Schema {
  return path.split(".").reduce((schema, key) => {
    schema.properties ??= {};
    const below = schema.properties[key] ?? {};
    schema.properties[key] = below;
    return below;
  }, root);
}

/** values.schema.json, as the real charts have it: names and kinds, and no name that is not listed is refused. */
function schemaOf(): Schema {
  const root: Schema = { type: ["object"] };
  for (const name of topLevelKeys) at(root, name);
  for (const [path, names] of Object.entries(subKeys)) for (const name of names) at(root, `${path}.${name}`);
  for (const [path, ...types] of kinds) at(root, path).type = types;
  return root;
}

/** What helm says of the chart itself. */
export const chartYaml = ({ version }: Chart) => ({
  apiVersion: "v2",
  name: "cilium",
  version,
  appVersion: version,
  kubeVersion: ">= 1.21.0-0",
});

/** The chart's archive: the same bytes each time, as what a repository keeps is. */
export function packChart(chart: Chart): Buffer {
  const files = [
    { name: "cilium/Chart.yaml", data: toYaml(chartYaml(chart)) },
    { name: "cilium/values.yaml", data: toYaml(defaultValues(chart)) },
    { name: "cilium/values.schema.json", data: JSON.stringify(schemaOf()) },
  ];
  return gzipSync(createTar(files, { attrs: { mtime: 0 } }), { level: 0 });
}

/** The chart that an archive bears; the lab renders it by its version. */
export function unpackChart(path: string): Chart {
  let about: { readonly name?: unknown; readonly version?: unknown } | undefined;
  try {
    const tar = new Uint8Array(gunzipSync(readFileSync(path))).buffer;
    const file = parseTar(tar).find(({ name }) => /^[^/]+\/Chart\.yaml$/.test(name));
    about = parse(file?.text ?? "") as typeof about;
  } catch (cause) {
    throw new HelmError(`path "${path}" not found`, { cause });
  }
  const chart = about?.name === "cilium" ? findChart(String(about.version)) : null;
  if (chart) return chart;
  throw new HelmError(
    `the lab renders no chart but Cilium's, and ${path} is ${String(about?.name)} ${String(about?.version)}`,
  );
}
