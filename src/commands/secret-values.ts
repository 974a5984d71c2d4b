import type { JsonObject, JsonValue } from "../engine/plan-types.ts";

const tellingName = /^(clientSecret|secretKey|secretAccessKey|.*passwo?r?d|.*token)$/i;
/** The name of an environment variable, whose value stands beside it. */
const tellingVariable = /(PASSWO?R?D|TOKEN|SECRET|CREDENTIALS?|PRIVATE_?KEY|ACCESS_?KEY)$/i;
/** Whatever it is called. */
const tellingValue = /:\/\/[^/\s:@]*:[^@\s/]+@|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|^(bearer|basic)\s+\S{8,}/i;
/** `key` alone is also a toleration's word: below tls it is a private key. */
const tlsKey = /(^|\.)tls\.(.*\.)?key$/i;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const isPrivateKey = (text: string) =>
  privateKey.test(text) ||
  (text.startsWith("LS0tLS1") && privateKey.test(Buffer.from(text, "base64").toString("latin1")));

/** An entry of extraEnv: {name, value}. */
function isSecretVariable({ name, value }: JsonObject): boolean {
  return typeof name === "string" && typeof value === "string" && value !== "" && tellingVariable.test(name);
}

function inText(text: string, path: string): string | null {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const isNamed = tellingName.test(name) || tlsKey.test(path);
  return text !== "" && (isNamed || tellingValue.test(text) || isPrivateKey(text)) ? path : null;
}

function inMap(map: JsonObject, path: string): string | null {
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  if (isSecretVariable(map)) return below("value");
  return firstOf(Object.entries(map).map(([key, item]) => [below(key), item]));
}

function inside(value: JsonValue, path: string): string | null {
  if (Array.isArray(value))
    return firstOf(value.map((item, index): [string, JsonValue] => [`${path}[${index}]`, item]));
  if (typeof value === "object" && value !== null) return inMap(value as JsonObject, path);
  return typeof value === "string" ? inText(value, path) : null;
}

function firstOf(entries: readonly (readonly [string, JsonValue])[]): string | null {
  for (const [path, item] of entries) {
    const found = inside(item, path);
    if (found !== null) return found;
  }
  return null;
}

const tellingFlag = /^--?(pass(word|wd|phrase)?|token|secret|api-?key)(=.+)?$/i;

/** The first argument of a command that names or is a secret, or null: commands are part of the plan too, and seen by ps. */
export const secretArgument = (argv: readonly string[]): string | null =>
  argv.find((argument) => tellingFlag.test(argument) || tellingValue.test(argument) || isPrivateKey(argument)) ?? null;

/**
 * The path of the first value that is a key or password, or null. Values become part of the plan, which is printed,
 * journalled and kept in a ConfigMap that many may read: a secret must not get that far.
 */
export const secretIn = (values: JsonObject): string | null => inside(values, "");
