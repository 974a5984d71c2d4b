import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import type { HelmReleaseFacts } from "../../engine/model/facts.ts";
import type { CiliumTarget, JsonObject } from "../../engine/model/plan-types.ts";
import type { Installer } from "../../engine/model/ports/installer.ts";
import { reason } from "../../engine/model/reason.ts";
import type { KubeClient } from "../client/kube-client.ts";
import type { HelmCharts } from "./charts.ts";
import type { Helm, HelmCall } from "./helm.ts";
import { helmFailure, helmJson, lastGoodRevision, listReleases } from "./helm-answers.ts";

const changeTimeoutMs = 15 * 60_000;

/** Where the archive that was planned comes from. */
export type PlannedCharts = Pick<HelmCharts, "withPlanned">;

export interface InstallerOptions {
  readonly namespace: string;
  readonly release: string;
  readonly charts: PlannedCharts;
}

/** helm would take such a name for an option, and one of them runs programs (--post-renderer). */
function refuseOption(release: string): void {
  if (release !== "" && !release.startsWith("-")) return;
  throw new CrossfadeError("HELM_FAILED", reason("helm-release-invalid", { release }));
}

/** helm 4 applies a namespace that is there already, and becomes its manager: kube-system is everybody's, and always there. */
const making = (namespace: string): readonly string[] => (namespace === "kube-system" ? [] : ["--create-namespace"]);

/** The port `installer`: one release, by helm as a subprocess. */
export class HelmInstaller implements Installer {
  readonly #helm: Helm;
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #release: string;
  readonly #charts: PlannedCharts;

  constructor(helm: Helm, client: KubeClient, { namespace, release, charts }: InstallerOptions) {
    this.#helm = helm;
    this.#client = client;
    this.#charts = charts;
    this.#namespace = namespace;
    this.#release = release;
  }

  async release(): Promise<HelmReleaseFacts | null> {
    const filter = `^${this.#release.replaceAll(".", "\\.")}$`;
    const found = await listReleases(this.#helm, ["-n", this.#namespace, "--filter", filter]);
    return found.find(({ name }) => name === this.#release) ?? null;
  }

  async apply(target: CiliumTarget, values: JsonObject, signal: AbortSignal): Promise<void> {
    const { release, namespace } = target;
    refuseOption(release);
    this.#client.fence?.check();
    await this.#helm.major();
    const place = ["--install", "-n", namespace, ...making(namespace), "--history-max", "10"];
    // On stdin: nothing of the values is on a disk, whoever is killed. As JSON, for helm's YAML is neither 1.1 nor 1.2.
    const input = JSON.stringify(values);
    await this.#charts.withPlanned(target, signal, (chart) => {
      const args = ["upgrade", release, chart, ...place, "--reset-values", "-f", "-", "--timeout", "10m"];
      return this.#change(`helm upgrade of ${namespace}/${release}`, { args, input }, signal);
    });
  }

  async values(): Promise<JsonObject | null> {
    const answer = await this.#helm.run({
      args: ["get", "values", this.#release, "-n", this.#namespace, "-o", "json"],
    });
    if (answer.exitCode !== 0 && /release: not found/i.test(answer.stderr)) return null;
    if (answer.exitCode !== 0) throw helmFailure("helm get values", answer);
    return (helmJson(answer, "helm get values") ?? {}) as JsonObject;
  }

  async uninstall(signal: AbortSignal): Promise<void> {
    if ((await this.release()) !== null) await this.#uninstall("helm uninstall of", signal);
  }

  async recover(signal: AbortSignal): Promise<void> {
    const now = await this.release();
    if (now?.status === "uninstalling") return this.#uninstall("helm uninstall of the half-removed", signal);
    if (now === null || !now.status.startsWith("pending-")) return;
    const isFirst = now.status === "pending-install";
    const revision = isFirst ? null : await lastGoodRevision(this.#helm, this.#release, this.#namespace);
    if (revision === null) return this.#uninstall("helm uninstall of the pending", signal);
    const args = ["rollback", this.#release, String(revision), "-n", this.#namespace, "--timeout", "10m"];
    return this.#change(`helm rollback of the pending ${this.#namespace}/${this.#release}`, { args }, signal);
  }

  #uninstall(what: string, signal: AbortSignal): Promise<void> {
    const args = ["uninstall", this.#release, "-n", this.#namespace, "--timeout", "5m"];
    return this.#change(`${what} ${this.#namespace}/${this.#release}`, { args }, signal);
  }

  async #change(what: string, call: Pick<HelmCall, "args" | "input">, signal: AbortSignal): Promise<void> {
    this.#client.fence?.check();
    const answer = await this.#helm.run({ ...call, signal, timeoutMs: changeTimeoutMs, writes: true });
    if (answer.cutOff) throw new Unavailable(`${what} was ended, because the lease could not be renewed in time`);
    if (answer.exitCode !== 0) throw helmFailure(what, answer);
  }
}
