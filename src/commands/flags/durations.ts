import { CrossfadeError } from "../../engine/model/errors.ts";

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A timer of Node holds 24 days; who needs more than a week mistyped. */
const longestMs = 168 * 3_600_000;

/** "90s", "10m", "1h30m" in milliseconds; "0" is none. */
export function durationMs(text: string, flag: string): number {
  if (text === "0") return 0;
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/gy)];
  const read = parts.map(([whole]) => whole).join("");
  if (parts.length === 0 || read !== text) {
    throw new CrossfadeError("USAGE", `--${flag} ${text} is not a duration`, `write it as 90s, 10m or 1h30m`);
  }
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
  if (ms <= longestMs) return ms;
  throw new CrossfadeError("USAGE", `--${flag} ${text} is longer than a week`, `give --${flag} 168h at most`);
}

/** For a person: 950 ms, 12 s, 3 min 05 s, 2 h 10 min. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
