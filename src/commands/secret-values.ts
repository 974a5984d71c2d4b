import type { JsonObject, JsonValue } from "../engine/plan-types.ts";

const tellingName = /^(clientSecret|secretKey|secretAccessKey|.*password|.*token)$/i;
/** `key` alone is also a toleration's word: below tls it is a private key. */
const tlsKey = /(^|\.)tls\.(.*\.)?key$/i;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const isPrivateKey = (text: string) =>
  privateKey.test(text) ||
  (text.startsWith("LS0tLS1") && privateKey.test(Buffer.from(text, "base64").toString("latin1")));

function inside(value: JsonValue, path: string): string | null {
  if (Array.isArray(value))
    return firstOf(value.map((item, index): [string, JsonValue] => [`${path}[${index}]`, item]));
  if (typeof value === "object" && value !== null)
    return firstOf(Object.entries(value).map(([key, item]) => [path === "" ? key : `${path}.${key}`, item]));
  if (typeof value !== "string" || value === "") return null;
  const name = path.slice(path.lastIndexOf(".") + 1);
  return tellingName.test(name) || tlsKey.test(path) || isPrivateKey(value) ? path : null;
}

function firstOf(entries: readonly (readonly [string, JsonValue])[]): string | null {
  for (const [path, item] of entries) {
    const found = inside(item, path);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The path of the first value that is a key or password, or null. Values become part of the plan, which is printed,
 * journalled and kept in a ConfigMap that many may read: a secret must not get that far.
 */
export const secretIn = (values: JsonObject): string | null => inside(values, "");
