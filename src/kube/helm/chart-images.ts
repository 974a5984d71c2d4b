import { CrossfadeError } from "../../engine/model/errors.ts";
import type { Plan } from "../../engine/model/plan-types.ts";
import { reason } from "../../engine/model/reason.ts";
import type { HelmCharts } from "./charts.ts";
import type { Helm } from "./helm.ts";
import { complaintOf, complaintText } from "./helm-complaint.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** Of a plan, what is rendered. */
export type Rendered = Pick<Plan, "cilium" | "values" | "cluster">;

const renderTimeoutMs = 60_000;
const containerLists: ReadonlySet<string> = new Set(["containers", "initContainers"]);

/** Images of all pods that a rendered object makes, however deep its template lies. */
function imagesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const own =
      containerLists.has(key) && Array.isArray(below) ? below.map((one) => (one as { image?: unknown })?.image) : [];
    return [...own.filter((image) => typeof image === "string"), ...imagesIn(below)];
  });
}

const failed = (why: string, cause?: unknown) =>
  new CrossfadeError("HELM_FAILED", reason("helm-template-failed", { said: why }), { cause });

function documentsIn(manifest: string): readonly unknown[] {
  try {
    return yamlDocuments(manifest);
  } catch (error) {
    throw failed("what it printed is no YAML", error);
  }
}

/**
 * Images that the planned chart's pods are made of, under the values that the run begins with and those that it ends with.
 * The chart is rendered by helm, which asks no cluster for that.
 */
export async function chartImages(
  { helm, charts }: { readonly helm: Pick<Helm, "run">; readonly charts: Pick<HelmCharts, "lookAt"> },
  { cilium, values, cluster }: Rendered,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const manifests = await charts.lookAt(cilium, signal, async (chart) => {
    const version = cluster.kubernetesVersion === "" ? [] : ["--kube-version", cluster.kubernetesVersion];
    const args = ["template", cilium.release, chart, "-n", cilium.namespace, "-f", "-", ...version];
    const rendered: string[] = [];
    for (const input of [values.initial, values.final].map((one) => JSON.stringify(one))) {
      const answer = await helm.run({ args, input, signal, timeoutMs: renderTimeoutMs });
      if (answer.exitCode !== 0) throw failed(complaintText(complaintOf(answer)));
      rendered.push(answer.stdout);
    }
    return rendered;
  });
  return [...new Set(manifests.flatMap(documentsIn).flatMap(imagesIn))].toSorted();
}
