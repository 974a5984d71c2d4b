import type { CheckResult } from "../model/check-result.ts";
import { CrossfadeError, Unavailable } from "../model/errors.ts";
import { chartPlace } from "../model/plan-types.ts";
import type { Chart, ChartOrder, Charts, SchemaProblem } from "../model/ports/charts.ts";
import { fewOf } from "../model/some-of.ts";

/** Why there is no chart to plan with. */
export interface ChartTrouble {
  readonly message: string;
  readonly remedy: string;
}

/** The chart that a plan is made with, or why it could not be read. */
export type FoundChart = Chart | ChartTrouble;

/** Whether the chart could be read. */
export const isRead = (found: FoundChart): found is Chart => "digest" in found;

/** Looks at the chart. What keeps it away is part of what preflight tells, beside all else that it found. */
export async function findChart(charts: Charts, order: ChartOrder, signal: AbortSignal): Promise<FoundChart> {
  try {
    return await charts.read(order, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof Unavailable) return { message: thrown.message, remedy: "see whether helm pull reaches it" };
    if (thrown instanceof CrossfadeError) return { message: thrown.message, remedy: thrown.remedy };
    throw thrown;
  }
}

const about = { check: "chart", title: "The chart", objects: [] } as const;
const blocker = (message: string, remedy: string): CheckResult => ({ ...about, level: "blocker", message, remedy });

function problemsResult(place: string, problems: readonly SchemaProblem[]): CheckResult {
  const named = fewOf(
    problems.map(({ path, message }) => `${path}: ${message}`),
    3,
  );
  return blocker(
    `${place}: its schema does not take values that a migration needs: ${named.join("; ")}`,
    "choose another --cilium-version",
  );
}

/** What preflight says of the chart. `problems` are those of our own values, which no file of the operator's brought. */
export function chartResult(
  found: FoundChart,
  { chart, version }: ChartOrder,
  problems: readonly SchemaProblem[],
): CheckResult {
  const place = chartPlace(chart);
  if (!isRead(found)) return blocker(`${place} could not be read: ${found.message}`, found.remedy);
  if (found.name !== "cilium")
    return blocker(
      `${place} is the chart ${found.name}, not cilium`,
      "name the place of Cilium's own chart, or of a copy of it",
    );
  if (found.version !== version)
    return blocker(
      `${place} is cilium ${found.version}, and the plan is made for ${version}`,
      `say --cilium-version ${found.version}, or give the chart of ${version}`,
    );
  if (problems.length > 0) return problemsResult(place, problems);
  const message = `${place}, ${found.version}, sha256:${found.digest}`;
  if (found.schema !== null) return { ...about, level: "ok", message, remedy: "" };
  return {
    ...about,
    level: "warning",
    message: `${message}, has no values.schema.json: what your values file says is checked by the chart's templates alone`,
    remedy: "read your values file again; a name with a typing error has no effect and no message",
  };
}
