import { type Chart, chartRepository, findChart } from "./charts/catalog.ts";
import type { CommandLine } from "./command-line.ts";
import { HelmError } from "./helm-error.ts";

const oci = "oci://quay.io/cilium/charts/cilium";

/** `cilium --repo URL`, `cilium/cilium`, or the OCI address; the lab has no other charts. */
export function chartOf({ flags }: CommandLine, reference: string): Chart {
  const { repo, version } = flags;
  if (repo !== undefined && repo.replace(/\/*$/, "/") !== chartRepository) {
    throw new HelmError(
      `looks like "${repo}" is not a valid chart repository or cannot be reached: the lab knows ${chartRepository} only`,
    );
  }
  const known = repo === undefined ? [oci, "cilium/cilium"].includes(reference) : reference === "cilium";
  if (!known) {
    throw new HelmError(
      repo === undefined ? `path "${reference}" not found` : `chart "${reference}" not found in ${repo} repository`,
    );
  }
  const chart = findChart(version);
  if (chart) return chart;
  if (repo !== undefined)
    throw new HelmError(`chart "cilium" version "${version ?? ""}" not found in ${repo} repository`);
  if (reference === oci) throw new HelmError(`quay.io/cilium/charts/cilium:${version ?? ""}: not found`);
  throw new HelmError(
    `chart "cilium" matching ${version ?? ""} not found in cilium index. (try 'helm repo update'): no chart version found for cilium-${version ?? ""}`,
  );
}
