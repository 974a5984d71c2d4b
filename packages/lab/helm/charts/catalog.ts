import { type ChartLine, chartLines } from "./chart-lines.ts";

/** One version of the Cilium chart. */
export interface Chart {
  readonly version: string;
  readonly minor: number;
  readonly line: ChartLine;
}

/** Newest patch of each minor version that the lab plays. */
const newest: Readonly<Record<number, number>> = { 16: 19, 17: 18, 18: 14, 19: 8, 20: 2 };

/** Where the chart is to be had; other places are not there in the lab. */
export const chartRepository = "https://helm.cilium.io/";

/** The newest where no version is asked for; null for a version that the repository does not have. */
export function findChart(version: string | undefined): Chart | null {
  const [, minor = "", patch = ""] = /^v?1\.(\d+)\.(\d+)$/.exec(version ?? "1.20.2") ?? [];
  const line = chartLines[Number(minor)];
  if (minor === "" || !line || Number(patch) > (newest[Number(minor)] ?? -1)) return null;
  return { version: `1.${minor}.${patch}`, minor: Number(minor), line };
}
