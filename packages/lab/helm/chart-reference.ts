import { type Chart, chartRepository, findChart } from "./charts/catalog.ts";
import { unpackChart } from "./charts/chart-archive.ts";
import type { CommandLine } from "./command-line.ts";
import { HelmError } from "./helm-error.ts";

const oci = "oci://quay.io/cilium/charts/cilium";

/** `cilium --repo URL`, `cilium/cilium`, the OCI address, or an archive that was pulled; the lab has no other charts. */
export function chartOf({ flags }: CommandLine, reference: string): Chart {
  const { repo, version } = flags;
  if (repo === undefined && reference.endsWith(".tgz")) return unpackChart(reference);
  if (repo === undefined) checkAlias(reference);
  else checkRepository(repo, reference);
  const chart = findChart(version);
  if (!chart) throw new HelmError(notFound(repo, reference, version ?? ""));
  return chart;
}

function checkAlias(reference: string): void {
  if (reference !== oci && reference !== "cilium/cilium") throw new HelmError(`path "${reference}" not found`);
}

function checkRepository(repo: string, reference: string): void {
  if (repo.replace(/\/*$/, "/") !== chartRepository) {
    throw new HelmError(
      `looks like "${repo}" is not a valid chart repository or cannot be reached: the lab knows ${chartRepository} only`,
    );
  }
  if (reference !== "cilium") throw new HelmError(`chart "${reference}" not found in ${repo} repository`);
}

function notFound(repo: string | undefined, reference: string, version: string): string {
  if (repo !== undefined) return `chart "cilium" version "${version}" not found in ${repo} repository`;
  if (reference === oci) return `quay.io/cilium/charts/cilium:${version}: not found`;
  return `chart "cilium" matching ${version} not found in cilium index. (try 'helm repo update'): no chart version found for cilium-${version}`;
}
