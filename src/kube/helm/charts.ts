import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { type CiliumTarget, chartPlace, shortDigest } from "../../engine/model/plan-types.ts";
import type { Chart, ChartOrder, Charts } from "../../engine/model/ports/charts.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
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
function pullFailure(chart: string, said: string): CrossfadeError {
  const facts = { chart, said };
  if (
    /x509|certificate signed by unknown authority|certificate is not trusted|failed to verify certificate/i.test(said)
  )
    return failed(reason("chart-certificate-refused", facts));
  if (/\b40[13]\b|unauthorized|authentication required|basic (credential|\(hidden\)) not found|denied/i.test(said))
    return failed(reason("chart-login-refused", facts));
  return failed(reason("chart-not-fetched", facts));
}

const failed = (why: Reason) => new CrossfadeError("HELM_FAILED", why);

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
  throw failed(reason("chart-too-large", { file, mib: Math.round(size / 1024 / 1024) }));
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
      const digests = { planned: shortDigest(chartDigest), found: shortDigest(digest) };
      throw new CrossfadeError(
        "PLAN_DRIFTED",
        reason("chart-not-as-planned", { chart: chartPlace(target.chart), ...digests }),
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
      throw failed(reason("chart-file-unreadable", { chart: chart.path, said: why }));
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
    throw failed(reason("chart-not-left", { chart: place }));
  }
}
