const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Which units a duration is shown in, by its size; the thresholds are apimachinery's, so that columns look alike. */
const scales: readonly {
  readonly below: number;
  readonly unit: number;
  readonly sign: string;
  readonly rest: string;
}[] = [
  { below: 2 * minute, unit: 1, sign: "s", rest: "" },
  { below: 10 * minute, unit: minute, sign: "m", rest: "s" },
  { below: 3 * hour, unit: minute, sign: "m", rest: "" },
  { below: 8 * hour, unit: hour, sign: "h", rest: "m" },
  { below: 2 * day, unit: hour, sign: "h", rest: "" },
  { below: 8 * day, unit: day, sign: "d", rest: "h" },
  { below: 2 * year, unit: day, sign: "d", rest: "" },
  { below: 8 * year, unit: year, sign: "y", rest: "d" },
];

const units: Readonly<Record<string, number>> = { s: 1, m: minute, h: hour, d: day };

/** "45s", "3m12s", "5h", "2d3h", … */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  const scale = scales.find(({ below }) => seconds < below);
  if (!scale) return `${Math.floor(seconds / year)}y`;
  const whole = Math.floor(seconds / scale.unit);
  const rest = scale.rest ? Math.floor((seconds % scale.unit) / (units[scale.rest] ?? 1)) : 0;
  return `${whole}${scale.sign}${rest > 0 ? `${rest}${scale.rest}` : ""}`;
}

/** Time since a timestamp of the API, or what kubectl shows where there is none. */
export function ageOf(timestamp: unknown, now: number): string {
  if (typeof timestamp !== "string" || timestamp === "") return "<unknown>";
  return humanDuration(now - Date.parse(timestamp));
}
