import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { type CiliumTarget, chartPlace, shortDigest } from "../../engine/model/plan-types.ts";
import type { Chart, ChartOrder, Charts } from "../../engine/model/ports/charts.ts";
import type { Environment } from "../auth/kubeconfig.ts";
import type { ChartAccess } from "./chart-access.ts";
import { digestOf, readChart } from "./chart-archive.ts";
import type { Helm } from "./helm.ts";
import { complaintOf, complaintText } from "./helm-complaint.ts";
import { pullCommands, pullTimeoutMs, type Wanted } from "./helm-pull.ts";

/** Cilium's own has a quarter of a MiB; helm refuses files of more than 5 MiB within one. */
const mostBytes = 20 * 1024 * 1024;

export interface ChartOptions {
  readonly access: ChartAccess;
  readonly env: Environment;
  /** Where archives that were installed are kept by their digest, so that finalize and rollback need no repository; null for nowhere. */
  readonly keptIn: string | null;
}

/** No trouble of the cluster's, whatever it is: a person is told, and nothing passes for an API server that is away. */
function pullFailure(place: string, why: string): CrossfadeError {
  if (/x509|certificate signed by unknown authority|certificate is not trusted|failed to verify certificate/i.test(why))
    return failed(place, why, "name the authority that signed its certificate with --chart-ca FILE");
  if (/\b40[13]\b|unauthorized|authentication required|basic (credential|\(hidden\)) not found|denied/i.test(why))
    return failed(
      place,
      why,
      "give --chart-credentials FILE (a docker config.json), or CROSSFADE_CHART_USERNAME and CROSSFADE_CHART_PASSWORD",
    );
  return failed(
    place,
    why,
    "correct what helm names; --chart, --chart-repo and --cilium-version say which chart it is",
  );
}

const failed = (place: string, why: string, remedy: string) =>
  new CrossfadeError("HELM_FAILED", `the chart ${place} could not be fetched: ${why}`, remedy);

async function inOwnFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "crossfade-chart-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bounded(file: string): Promise<Buffer> {
  const { size } = await stat(file);
  if (size <= mostBytes) return readFile(file);
  throw new CrossfadeError(
    "HELM_FAILED",
    `${file} has ${Math.round(size / 1024 / 1024)} MiB, which no chart of Cilium has`,
    "check what --chart names",
  );
}

/** The port `charts`, by helm as a subprocess; also where the installer gets the archive that was planned. */
export class HelmCharts implements Charts {
  readonly #helm: Helm;
  readonly #options: ChartOptions;
  /** What was fetched last: who plans reads it more than once. */
  #last: { readonly digest: string; readonly archive: Buffer } | null = null;

  constructor(helm: Helm, options: ChartOptions) {
    this.#helm = helm;
    this.#options = options;
  }

  async read(order: ChartOrder, signal: AbortSignal): Promise<Chart> {
    const archive = await this.#fetch(order, signal);
    const chart = readChart(archive, chartPlace(order.chart));
    this.#last = { digest: chart.digest, archive };
    return chart;
  }

  /** Hands over a file with the very bytes that were planned with; any other chart is refused. */
  async withPlanned<T>(target: CiliumTarget, signal: AbortSignal, use: (file: string) => Promise<T>): Promise<T> {
    const kept = await this.#kept(target.chartDigest);
    const archive = kept ?? (await this.#asPlanned(target, signal));
    if (kept === null) await this.#keep(archive, digestOf(archive));
    return this.#asFile(target, archive, use);
  }

  /** The same for who only looks: nothing is kept. */
  async lookAt<T>(target: CiliumTarget, signal: AbortSignal, use: (file: string) => Promise<T>): Promise<T> {
    const { chartDigest } = target;
    const known = this.#last?.digest === chartDigest ? this.#last?.archive : await this.#kept(chartDigest);
    return this.#asFile(target, known ?? (await this.#asPlanned(target, signal)), use);
  }

  #asFile<T>(target: CiliumTarget, archive: Buffer, use: (file: string) => Promise<T>): Promise<T> {
    return inOwnFolder(async (folder) => {
      const file = path.join(folder, `cilium-${target.version}.tgz`);
      await writeFile(file, archive, { mode: 0o600 });
      return use(file);
    });
  }

  async #asPlanned(target: CiliumTarget, signal: AbortSignal): Promise<Buffer> {
    const { chartDigest } = target;
    const archive = await this.#fetch(target, signal);
    const digest = digestOf(archive);
    if (digest !== chartDigest) {
      throw new CrossfadeError(
        "PLAN_DRIFTED",
        `the chart ${chartPlace(target.chart)} is not the one that was planned: ${shortDigest(chartDigest)} was agreed to, ${shortDigest(digest)} is there now`,
        "put the planned chart back in its place and retry, or roll back and plan anew",
      );
    }
    return archive;
  }

  async #kept(digest: string | undefined): Promise<Buffer | null> {
    const { keptIn } = this.#options;
    if (keptIn === null || digest === undefined) return null;
    const archive = await bounded(path.join(keptIn, `${digest}.tgz`)).catch(() => null);
    return archive !== null && digestOf(archive) === digest ? archive : null;
  }

  /** A disk that takes nothing holds up no migration: the chart is fetched again then. */
  async #keep(archive: Buffer, digest: string): Promise<void> {
    const { keptIn } = this.#options;
    if (keptIn === null) return;
    const file = path.join(keptIn, `${digest}.tgz`);
    const aside = `${file}.${process.pid}`;
    try {
      // Not recursive, which never returns below /proc: the folder above is the journal's.
      await mkdir(keptIn, { mode: 0o700 }).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== "EEXIST") throw thrown;
      });
      await writeFile(aside, archive, { mode: 0o600, flag: "wx" });
      await rename(aside, file);
    } catch {
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  async #fetch({ chart, version }: ChartOrder, signal: AbortSignal): Promise<Buffer> {
    if (!("path" in chart)) return inOwnFolder((folder) => this.#pull({ ...chart, version, folder }, signal));
    try {
      return await bounded(chart.path);
    } catch (error) {
      if (error instanceof CrossfadeError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw failed(chart.path, why, "put the chart back in its place, or name another with --chart");
    }
  }

  async #pull(wanted: Wanted, signal: AbortSignal): Promise<Buffer> {
    const place = chartPlace(wanted);
    for (const args of await pullCommands(wanted, this.#options)) {
      const answer = await this.#helm.run({
        args,
        signal,
        timeoutMs: pullTimeoutMs,
        cache: path.join(wanted.folder, "cache"),
      });
      if (answer.exitCode !== 0) throw pullFailure(place, complaintText(complaintOf(answer)));
    }
    const pulled = (await readdir(wanted.folder)).find((one) => one.endsWith(".tgz"));
    if (pulled !== undefined) return bounded(path.join(wanted.folder, pulled));
    throw failed(place, "helm pull ended well and left no archive", "see what helm pull does by hand");
  }
}
