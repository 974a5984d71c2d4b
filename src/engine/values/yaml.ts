import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import { isObject } from "./merge.ts";

/** Words that YAML 1.1 (helm) does not read as text, as keys either: `n:` would become the key false. */
const reservedWord = /^(y|n|yes|no|on|off|true|false|null|~)$/i;

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

/** Double quotes, and escapes for all that is not plain ASCII: JSON's surrogate pairs are not YAML's. */
function quoted(text: string): string {
  const inner = Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === "\\") return `\\${char}`;
    if (code >= 0x20 && code < 0x7f) return char;
    return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  });
  return `"${inner.join("")}"`;
}

const keyText = (key: string) => (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) && !reservedWord.test(key) ? key : quoted(key));

/** YAML 1.1 takes 1e21 for text unless it has a point. */
const numberText = (value: number) => String(value).replace(/^(-?\d+)e/, "$1.0e");

function scalar(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return numberText(value);
  if (Array.isArray(value)) return "[]";
  return isObject(value) ? "{}" : JSON.stringify(value);
}

const isBranch = (value: JsonValue) =>
  Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;

type CommentAt = (path: string) => string | undefined;

function commentLines(text: string | undefined, indent: string): readonly string[] {
  if (text === undefined) return [];
  const words = text.split(/\s+/);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < 96) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}# ${word}`);
  }
  return lines;
}

function linesOfList(list: readonly JsonValue[], indent: string, commentAt: CommentAt): readonly string[] {
  return list.flatMap((item) =>
    isBranch(item) ? [`${indent}-`, ...linesOf(item, `${indent}  `, "", commentAt)] : [`${indent}- ${scalar(item)}`],
  );
}

function linesOf(value: JsonValue, indent: string, path: string, commentAt: CommentAt): readonly string[] {
  if (Array.isArray(value)) return linesOfList(value, indent, commentAt);
  if (!isObject(value)) return [`${indent}${scalar(value)}`];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const comment = commentLines(commentAt(at), indent);
    if (!isBranch(item)) return [...comment, `${indent}${keyText(key)}: ${scalar(item)}`];
    return [...comment, `${indent}${keyText(key)}:`, ...linesOf(item, `${indent}  `, at, commentAt)];
  });
}

/** Values as YAML that helm's YAML 1.1 reads exactly as the JSON: every text is quoted. `commentAt` gives each path its reason. */
export function emitYaml(values: JsonObject, commentAt: CommentAt): string {
  return Object.keys(values).length === 0 ? "{}\n" : `${linesOf(values, "", "", commentAt).join("\n")}\n`;
}
