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
  words: ["words", "engine"],
  store: ["store", "words", "engine"],
  components: ["components", "store"],
  screen: ["screen"],
  kube: ["kube", "engine"],
  journal: ["journal", "engine"],
  runner: ["runner", "engine", "kube", "journal"],
  commands: ["commands", "engine", "words", "store", "components", "screen", "kube", "journal", "runner"],
};

/** Rooms that see the model of the engine and nothing else of it. */
const besideModel = ["words", "store", "kube", "journal"];

/** The files that a file leads to, type imports included. */
const edges = new Map<string, readonly string[]>(
  sources.map((path) => [path, local.filter(({ from }) => from === path).map(target)]),
);

/** Every file that can be reached from this one, itself only where a way leads back to it. */
function reachedFrom(path: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const to of edges.get(next) ?? []) if (!seen.has(to) && seen.add(to)) open.push(to);
  return seen;
}

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

  test.each(besideModel)("%s sees the engine's model only", (part) => {
    const wrong = local
      .filter((one) => partOf(one.from) === part)
      .map(target)
      .filter((path) => partOf(path) === "engine" && !path.startsWith("engine/model/"));
    expect([...new Set(wrong)]).toEqual([]);
  });

  test("the model imports nothing of the engine but itself", () => {
    const wrong = local
      .filter(({ from }) => from.startsWith("engine/model/"))
      .filter((one) => !target(one).startsWith("engine/model/"))
      .map((one) => `${one.from} → ${target(one)}`);
    expect(wrong).toEqual([]);
  });

  test("a step imports no other step", () => {
    const wrong = local
      .filter(
        ({ from }) => /^engine\/(run-|rollback-)?steps\//.test(from) && !/\/(run-|rollback-)?steps\.ts$/.test(from),
      )
      .filter((one) => /^engine\/(run-|rollback-)?steps\//.test(target(one)))
      .map((one) => `${one.from} → ${target(one)}`);
    expect(wrong).toEqual([]);
  });

  test("only the loop and what observers are told know the loop", () => {
    const wrong = local
      .filter(({ from }) => from.startsWith("engine/") && !/^engine\/(run|observers)\//.test(from))
      .filter((one) => target(one).startsWith("engine/run/"))
      .map((one) => `${one.from} → ${target(one)}`);
    expect(wrong).toEqual([]);
  });

  test("no files lead to each other in a circle, of types neither", () => {
    expect(sources.filter((path) => reachedFrom(path).has(path))).toEqual([]);
  });

  test("only demo and lab reach the embedded cluster", () => {
    const users = imports.filter(({ to }) => to.startsWith("crossfade-lab/")).map(({ from }) => from);
    expect(
      users.filter((path) => !["commands/demo.ts", "commands/lab.ts", "commands/flags/lab-flags.ts"].includes(path)),
    ).toEqual([]);
  });

  test("the embedded cluster imports nothing of the product", () => {
    const lab = new URL("../packages/lab", import.meta.url).pathname;
    const wrong = readdirSync(lab, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .filter((name) => /from "[./]+\/src\//.test(readFileSync(join(lab, name), "utf8")));
    expect(wrong).toEqual([]);
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
    expect(wrong.filter((path) => !["cli.ts"].includes(path))).toEqual([]);
  });

  test("useInput is called in one place at most", () => {
    const users = sources.filter((path) => /\buseInput\(/.test(readFileSync(join(root, path), "utf8")));
    expect(users.length).toBeLessThanOrEqual(1);
  });
});

/** Names of CNIs that a cluster may be moved away from, now or later. */
const cniNames = /flannel|calico|canal\b|weave|antrea|kube-router/i;

/** What else may say one, each with why. */
const namedByOthers: Readonly<Record<string, RegExp>> = {
  // k3s calls its own option so, whatever CNI runs in it.
  "words/findings/distribution-words.ts": /flannel-backend/,
};

describe("names of CNIs", () => {
  test("the product says one in engine/sources only", () => {
    const wrong = sources
      .filter((path) => !path.startsWith("engine/sources/"))
      .flatMap((path) =>
        readFileSync(join(root, path), "utf8")
          .split("\n")
          .filter((line) => cniNames.test(namedByOthers[path] ? line.replace(namedByOthers[path], "") : line))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  test("the lab says one in its cni folder only", () => {
    const lab = new URL("../packages/lab", import.meta.url).pathname;
    const wrong = readdirSync(lab, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !/^(cni|test|node_modules)\//.test(name))
      .filter((name) => cniNames.test(readFileSync(join(lab, name), "utf8")));
    expect(wrong).toEqual([]);
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

  test("no folder has more than 25 files: it would be two rooms", () => {
    const count = new Map<string, number>();
    for (const path of sources) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1);
    expect([...count].filter(([, files]) => files > 25)).toEqual([]);
  });

  test("there is no barrel and no utils folder", () => {
    expect(sources.filter((path) => /(^|\/)index\.tsx?$|(^|\/)(utils?|helpers?|common)\//.test(path))).toEqual([]);
  });
});
