import { findChart } from "crossfade-lab/helm/charts/catalog.ts";
import { packChart } from "crossfade-lab/helm/charts/chart-archive.ts";
import type { Chart } from "../../src/engine/model/ports/charts.ts";
import { readChart } from "../../src/kube/helm/chart-archive.ts";

/** The archive of a version that the lab has. */
export function archiveOf(version = "1.18.12"): Buffer {
  const chart = findChart(version);
  if (chart === null) throw new Error(`the lab has no chart ${version}`);
  return packChart(chart);
}

/** The same, read as a plan reads it. */
const chartOfVersion = (version = "1.18.12"): Chart => readChart(archiveOf(version), "the lab's chart");

/** What most plans are made with. */
export const aChart = chartOfVersion();
