import type { JsonObject, JsonValue } from "../../engine/model/plan-types.ts";
import { isNoSecret, isTellingName, secretSetIn } from "./secret-names.ts";

/** Whatever it is called: a login in an address, a JWT, an Authorization header, tokens that bear their issuer's mark. */
const tellingValue = new RegExp(
  [
    String.raw`:\/\/[^/\s:@]*:[^@\s/]+@`,
    String.raw`\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.`,
    String.raw`(^|authorization["']?\s*[:=]\s*["']?)(bearer|basic)\s+\S{8,}`,
    String.raw`\b(gh[opsur]_|github_pat_|glpat-|hv[sbr]\.|xox[abprs]-|npm_|dckr_pat_)[\w-]{8,}`,
    String.raw`\b(AKIA|ASIA)[A-Z0-9]{16}\b`,
  ].join("|"),
  "i",
);
/** `key` alone is also a toleration's word: below tls it is a private key. */
const tlsKey = /(^|\.)tls\.(.*\.)?key$/i;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const isPrivateKey = (text: string) =>
  privateKey.test(text) ||
  (text.startsWith("LS0tLS1") && privateKey.test(Buffer.from(text, "base64").toString("latin1")));

const isSecretText = (text: string): boolean =>
  tellingValue.test(text) || isPrivateKey(text) || secretSetIn(text) !== null;

/** An entry of extraEnv: {name, value}. */
function isSecretVariable({ name, value }: JsonObject): boolean {
  return typeof name === "string" && typeof value === "string" && isTellingName(name) && !isNoSecret(value);
}

/** Which entry of a Secret or ConfigMap is meant: ca.crt. */
const isEntryName = (value: string): boolean => /^[\w-]{1,60}\.(crt|pem|key)$/.test(value);

/** A toleration, a selector and a reference have a `key` too, and a word beside it that says so. */
function hasLoneKey(map: JsonObject): boolean {
  const { key } = map;
  if (typeof key !== "string" || isNoSecret(key) || isEntryName(key)) return false;
  return !["name", "path", "operator", "effect", "values"].some((word) => word in map);
}

function isSecretScalar(value: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
  if (isNoSecret(value)) return false;
  return isTellingName(name) || (tlsKey.test(path) && !isEntryName(value));
}

function inMap(map: JsonObject, path: string): string | null {
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (isSecretVariable(map)) return below("value");
  // An entry of a list is a toleration or a selector.
  if (path !== "" && !path.endsWith("]") && hasLoneKey(map)) return below("key");
  return firstOf(Object.entries(map).map(([key, item]) => [below(key), item]));
}

const isTellingFlag = (argument: string): boolean =>
  /^--?\w/.test(argument) && !argument.includes("=") && isTellingName(argument);

/** An argument and, as the next one, what it is set to. */
function afterFlag(list: readonly JsonValue[]): number {
  return list.findIndex((item, index) => {
    const flag = list[index - 1];
    if (typeof item !== "string" || typeof flag !== "string") return false;
    return isTellingFlag(flag) && !item.startsWith("-");
  });
}

function inList(list: readonly JsonValue[], path: string): string | null {
  const set = afterFlag(list);
  if (set > 0) return `${path}[${set}]`;
  return firstOf(list.map((item, index): [string, JsonValue] => [`${path}[${index}]`, item]));
}

function inside(value: JsonValue, path: string): string | null {
  if (Array.isArray(value)) return inList(value as readonly JsonValue[], path);
  if (typeof value === "object" && value !== null) return inMap(value as JsonObject, path);
  if (typeof value === "number") return isSecretScalar(String(value), path) ? path : null;
  if (typeof value !== "string") return null;
  return isSecretScalar(value, path) || isSecretText(value) ? path : null;
}

function firstOf(entries: readonly (readonly [string, JsonValue])[]): string | null {
  for (const [path, item] of entries) {
    const found = inside(item, path);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Which argument of a command names or is a secret, without what it says; null where none is: commands are part of the plan
 * too, and seen by ps.
 */
export function secretArgument(argv: readonly string[]): string | null {
  const index = argv.findIndex((argument) => isTellingFlag(argument) || isSecretText(argument));
  if (index < 0) return null;
  const argument = argv[index] ?? "";
  return isTellingFlag(argument) ? argument : (secretSetIn(argument) ?? `argument ${index + 1}`);
}

/**
 * The path of the first value that is a key or password, or null. Values become part of the plan, which is printed,
 * journalled and kept in a ConfigMap that many may read: a secret must not get that far.
 */
export const secretIn = (values: JsonObject): string | null => inside(values, "");
