import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = new URL("../src", import.meta.url).pathname;

const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));

/** Folder of src/ that a file belongs to; files directly in src/ are the command line's. */
const partOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : "commands");

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(path: string): readonly Import[] {
  const text = readFileSync(join(root, path), "utf8");
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|^import\s+"([^"]+)"/gm,
  );
  return [...found].map((match) => ({
    from: path,
    to: match[2] ?? match[3] ?? match[4] ?? "",
    typeOnly: match[1] !== undefined,
  }));
}

const imports = sources.flatMap(importsOf);
const target = ({ from, to }: Import) => relative(root, join(root, dirname(from), to));
const local = imports.filter(({ to }) => to.startsWith("."));

/** Which part may import which: the table of the architecture. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  engine: ["engine"],
  store: ["store", "engine"],
  components: ["components", "store"],
  screen: ["screen"],
  kube: ["kube", "engine"],
  journal: ["journal", "engine"],
  runner: ["runner", "engine", "kube", "journal"],
  lab: ["lab"],
  commands: ["commands", "engine", "store", "components", "screen", "kube", "journal", "runner", "lab"],
};

/** Of the engine, parts beside it may use only its words: types, errors, and the pure functions that all share. */
const engineWordsFor: Readonly<Record<string, RegExp>> = {
  store:
    /^engine\/(asked-agreement|events|state|fold|node-life|plan-types|verdict|hold|errors|facts|steps|undo-steps|run-steps|run-condition|probes\/score)\.ts$/,
  kube: /^engine\/(ports|facts|errors|plan-types|plan-hash|events|node-life|canonical-json|cidr|cilium-names|known-secrets|config-maps-of-interest|namespace-contents|virtual-node|in-parts)\.ts$/,
  journal: /^engine\/(events|errors|known-secrets|probes\/connectivity-pace)\.ts$/,
};

describe("who may import whom", () => {
  test("every part is in the table", () => {
    expect([...new Set(sources.map(partOf))].filter((part) => !(part in allowed))).toEqual([]);
  });

  test.each(Object.keys(allowed))("%s keeps to its row", (part) => {
    const wrong = local
      .filter(({ from }) => partOf(from) === part)
      .filter((one) => !allowed[part]?.includes(partOf(target(one))))
      .map((one) => `${one.from} → ${target(one)}`);
    expect(wrong).toEqual([]);
  });

  test.each(Object.keys(engineWordsFor))("%s uses only the engine's words", (part) => {
    const wrong = local
      .filter((one) => partOf(one.from) === part && partOf(target(one)) === "engine" && !one.typeOnly)
      .map(target)
      .filter((path) => !engineWordsFor[part]?.test(path));
    expect([...new Set(wrong)]).toEqual([]);
  });

  test("the engine imports no library and nothing of Node", () => {
    expect(imports.filter(({ from, to }) => partOf(from) === "engine" && !to.startsWith("."))).toEqual([]);
  });

  test("the engine reads no clock and sets no timer of its own", () => {
    const wrong = sources
      .filter((path) => partOf(path) === "engine")
      .filter((path) =>
        /\b(Date\.now|setTimeout|setInterval|process\.|Math\.random)\b/.test(readFileSync(join(root, path), "utf8")),
      );
    expect(wrong).toEqual([]);
  });

  test("only cli.ts and the engine's parts of processes end the process", () => {
    const wrong = sources.filter((path) => /\bprocess\.exit\(/.test(readFileSync(join(root, path), "utf8")));
    expect(wrong.filter((path) => !["cli.ts", "lab/helm/lab-helm.ts"].includes(path))).toEqual([]);
  });

  test("useInput is called in one place at most", () => {
    const users = sources.filter((path) => /\buseInput\(/.test(readFileSync(join(root, path), "utf8")));
    expect(users.length).toBeLessThanOrEqual(1);
  });
});

describe("size", () => {
  test("no file is longer than 300 lines", () => {
    const long = sources.filter((path) => readFileSync(join(root, path), "utf8").split("\n").length - 1 > 300);
    expect(long).toEqual([]);
  });

  test("no component is longer than 100 lines", () => {
    const long = sources.filter(
      (path) => path.startsWith("components/") && readFileSync(join(root, path), "utf8").split("\n").length - 1 > 100,
    );
    expect(long).toEqual([]);
  });

  test("there is no barrel and no utils folder", () => {
    expect(sources.filter((path) => /(^|\/)index\.tsx?$|(^|\/)(utils?|helpers?|common)\//.test(path))).toEqual([]);
  });
});
