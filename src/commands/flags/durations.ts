import { CommandError } from "../command-error.ts";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A timer of Node holds 24 days; who needs more than a week mistyped. */
const longestMs = 168 * 3_600_000;

/** "90s", "10m", "1h30m" in milliseconds; "0" is none. */
export function durationMs(text: string, flag: string): number {
  if (text === "0") return 0;
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/gy)];
  const read = parts.map(([whole]) => whole).join("");
  if (parts.length === 0 || read !== text) {
    throw new CommandError("USAGE", `--${flag} ${text} is not a duration`, `write it as 90s, 10m or 1h30m`);
  }
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
  if (ms <= longestMs) return ms;
  throw new CommandError("USAGE", `--${flag} ${text} is longer than a week`, `give --${flag} 168h at most`);
}
