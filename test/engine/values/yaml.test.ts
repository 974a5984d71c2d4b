import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import { mergeUserValues } from "../../../src/engine/values/user-values.ts";
import { valuesYaml } from "../../../src/engine/values/values.ts";
import { emitYaml } from "../../../src/engine/values/yaml.ts";
import { aTarget } from "./chart-facts.ts";

/** Texts and keys that one YAML reader or another takes for something else. */
const traps: JsonObject = {
  y: "y",
  n: "no",
  on: "off",
  Null: "~",
  "": "",
  "0755": "0755",
  "a b": "12:30:45",
  "a.b/c": "1_000",
  date: "2026-01-01",
  hex: "0x1f",
  octal: "0o17",
  float: "1e3",
  merge: "<<",
  anchor: "&a *b",
  comment: "a # b",
  colon: "a: b",
  quote: 'it\'s "so" \\ it',
  lines: "one\ntwo\r\n\tthree",
  blank: "  ",
  unicode: "é \u2028 \u0085 \u{1f600} \u0007 \ufeff",
  block: "|",
  number: 1_000_000,
  minus: -3,
  half: 0.25,
  huge: 1e21,
  tiny: 1e-7,
  yes: true,
  no: false,
  nothing: null,
  emptyMap: {},
  emptyList: [],
  list: ["a", 1, true, null, [], {}, ["nested", ["deeper"]], { key: "value", more: { deep: [1] } }],
  deep: { deeper: { deepest: "x" } },
};

const user: JsonObject = {
  k8sServiceHost: "10.0.0.1",
  resources: { limits: { cpu: "0755" } },
  extraEnv: [{ name: "A", value: "yes" }],
};
const documents: [string, string, JsonObject][] = [
  ["traps", emitYaml(traps, () => 'why: "so" # and\nso'), traps],
  ["nothing", emitYaml({}, () => undefined), {}],
  ...(["initial", "final"] as const).flatMap((phase): [string, string, JsonObject][] => {
    const own = mergeUserValues(aTarget, phase);
    const merged = mergeUserValues(aTarget, phase, user);
    return [
      [`${phase} values`, valuesYaml(own, aTarget, phase), own],
      [`${phase} values with a user's`, valuesYaml(merged, aTarget, phase), merged],
    ];
  }),
];

test.each(documents)("YAML 1.1 and 1.2 read %s as the JSON that helm is handed", (_name, yaml, values) => {
  expect(parse(yaml, { version: "1.1" })).toEqual(values);
  expect(parse(yaml, { version: "1.2" })).toEqual(values);
});

/** Every helm that the checkout fetched, or the machine has; without one the test says that it was skipped. */
function helms(): readonly string[] {
  const fetched = ".cache/tools";
  const found = existsSync(fetched)
    ? readdirSync(fetched).map((name) => join(process.cwd(), fetched, name, "helm"))
    : [];
  const onPath = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, "helm"));
  return [...found, ...onPath].filter((path) => existsSync(path));
}

const folder = mkdtempSync(join(tmpdir(), "values-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A chart that prints the values it was given as JSON. */
function readByHelm(helm: string, yaml: string): unknown {
  const chart = mkdtempSync(join(folder, "chart-"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: echo\nversion: 0.1.0\n");
  writeFileSync(join(chart, "values.yaml"), "{}\n");
  execFileSync("mkdir", ["-p", join(chart, "templates")]);
  writeFileSync(
    join(chart, "templates", "echo.yaml"),
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: echo\ndata:\n  values: {{ mustToJson .Values | quote }}\n",
  );
  const file = join(chart, "given.yaml");
  writeFileSync(file, yaml);
  const printed = execFileSync(helm, ["template", "echo", chart, "-f", file], { encoding: "utf8" });
  const data = parse(printed) as { data: { values: string } };
  return JSON.parse(data.data.values);
}

const [helm] = helms();
if (helm === undefined) console.info("skipped: helm's own reading of the values (no helm in .cache/tools or PATH)");

const cases = [...new Set(helms())].flatMap((path) =>
  documents.map(([name, yaml, values]) => [path, name, yaml, values] as const),
);

test.skipIf(helm === undefined).each(cases.length > 0 ? cases : [["", "", "", {}] as const])(
  "%s reads %s as the JSON",
  (...[path, , yaml, values]) => {
    const { global: _global, ...read } = readByHelm(path, yaml) as Record<string, unknown>;
    expect(read).toEqual(values);
  },
);
