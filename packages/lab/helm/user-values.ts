import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { CommandLine } from "./command-line.ts";
import { HelmError } from "./helm-error.ts";
import { isTree, overlay, parseSet, type Values } from "./values.ts";

/** Files first, then --set and its kin, each over the ones before. */
export function userValues({ values }: CommandLine): Values {
  const files = values.filter(({ kind }) => kind === "file").flatMap(({ text }) => text.split(",").map(readValues));
  const sets = values
    .filter(({ kind }) => kind !== "file")
    .map(({ kind, text }) => {
      if (kind !== "set-json") return parseSet(text, kind === "set-string");
      const [key = "", ...json] = text.split("=");
      return parseJson(key, json.join("="));
    });
  return [...files, ...sets].reduce(overlay, {});
}

function readValues(path: string): Values {
  let text: string;
  try {
    text = path === "-" ? readFileSync(0, "utf8") : readFileSync(path, "utf8");
  } catch (cause) {
    throw new HelmError(`open ${path}: no such file or directory`, { cause });
  }
  let tree: unknown;
  try {
    tree = parse(text) ?? {};
  } catch (cause) {
    throw new HelmError(`failed to parse ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  if (!isTree(tree)) throw new HelmError(`failed to parse ${path}: the file does not hold a tree of values`);
  return tree;
}

function parseJson(key: string, json: string): Values {
  try {
    const value: unknown = JSON.parse(json);
    return key.split(".").reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as Values;
  } catch (cause) {
    throw new HelmError(`failed parsing --set-json data ${key}=${json}`, { cause });
  }
}
