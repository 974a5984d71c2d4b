import type { CheckResult } from "../model/check-result.ts";
import { CrossfadeError, toFailure, Unavailable } from "../model/errors.ts";
import { chartPlace } from "../model/plan-types.ts";
import type { Chart, ChartOrder, Charts, SchemaProblem } from "../model/ports/charts.ts";
import { type Failure, reason } from "../model/reason.ts";
import { blocker, type Finding, few, ok, warning } from "../preflight/check.ts";

/** The chart that a plan is made with, or why it could not be read. */
export type FoundChart = Chart | Failure;

/** Whether the chart could be read. */
export const isRead = (found: FoundChart): found is Chart => "digest" in found;

/** Looks at the chart. What keeps it away is part of what preflight tells, beside all else that it found. */
export async function findChart(charts: Charts, order: ChartOrder, signal: AbortSignal): Promise<FoundChart> {
  try {
    return await charts.read(order, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof Unavailable)
      return { code: "UNREACHABLE", reason: reason("chart-unanswered", { detail: thrown.message }) };
    if (thrown instanceof CrossfadeError) return toFailure(thrown);
    throw thrown;
  }
}

/** What preflight says of the chart. `problems` are those of our own values, which no file of the operator's brought. */
export function chartResult(found: FoundChart, order: ChartOrder, problems: readonly SchemaProblem[]): CheckResult {
  return { check: "chart", ...(isRead(found) ? judged(found, order, problems) : unread(found, order)) };
}

const unread = (failure: Failure, { chart }: ChartOrder): Finding =>
  blocker("chart-unread", { chart: chartPlace(chart), failure });

function judged(
  { name, version, digest, schema }: Chart,
  order: ChartOrder,
  problems: readonly SchemaProblem[],
): Finding {
  const chart = chartPlace(order.chart);
  if (name !== "cilium") return blocker("chart-of-other-name", { chart, name });
  if (version !== order.version)
    return blocker("chart-of-other-version", { chart, found: version, version: order.version });
  const named = problems.map(({ path, message }) => `${path}: ${message}`);
  if (named.length > 0) return blocker("chart-refuses-values", { chart, ...few(named) });
  const pinned = { chart, version, digest };
  return schema === null ? warning("chart-without-schema", pinned) : ok("chart-read", pinned);
}
