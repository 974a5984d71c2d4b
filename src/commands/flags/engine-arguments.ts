import type { Flags, Given } from "../command.ts";

/** The flags that were given, as arguments again: the detached engine reads them with the same parser. */
export function engineArguments(given: Given, flags: Flags): readonly string[] {
  return Object.keys(flags).flatMap((name) => {
    const value = given[name];
    if (value === true) return [`--${name}`];
    if (typeof value === "string") return [`--${name}=${value}`];
    return Array.isArray(value) ? (value as readonly string[]).map((one) => `--${name}=${one}`) : [];
  });
}
