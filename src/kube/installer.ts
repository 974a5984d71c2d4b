import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CouldNotAsk, CrossfadeError } from "../engine/errors.ts";
import type { HelmReleaseFacts } from "../engine/facts.ts";
import type { CiliumTarget, JsonObject } from "../engine/plan-types.ts";
import type { Installer } from "../engine/ports.ts";
import type { Helm } from "./helm.ts";
import type { KubeClient } from "./kube-client.ts";
import { at, list, number, text } from "./read.ts";
import type { CommandAnswer } from "./run-command.ts";

const installTimeoutMs = 15 * 60_000;

export interface ReleaseName {
  readonly namespace: string;
  readonly release: string;
}

function json(answer: CommandAnswer, what: string): unknown {
  try {
    return JSON.parse(answer.stdout);
  } catch (error) {
    throw new CouldNotAsk(`${what} answered something that is not JSON`, null, { cause: error });
  }
}

/** helm's last line of complaint, which names the cause. */
function complaint(answer: CommandAnswer): string {
  const lines = answer.stderr.split("\n").filter((line) => line.trim() !== "" && !/^(WARNING|W\d{4}|level=warning)/.test(line));
  return (lines.findLast((line) => line.startsWith("Error:")) ?? lines.at(-1) ?? `exit code ${answer.exitCode}`).replace(/^Error:\s*/, "");
}

const unreachable = /Kubernetes cluster unreachable|connection refused|i\/o timeout|TLS handshake timeout|no such host/i;

function failed(what: string, answer: CommandAnswer): Error {
  const why = complaint(answer);
  if (unreachable.test(why) && !/chart|repo/i.test(why)) return new CouldNotAsk(`${what}: ${why}`);
  const pending = /another operation .* in progress/i.test(why);
  const remedy = pending ? "press r: the release that was left pending is then brought to order first" : "correct what helm names, then press r to retry";
  return new CrossfadeError("HELM_FAILED", `${what} failed: ${why}`, remedy);
}

function releaseOf(entry: unknown, namespace: string): HelmReleaseFacts {
  const chart = text(at(entry, "chart"));
  return {
    name: text(at(entry, "name")),
    namespace: text(at(entry, "namespace"), namespace),
    chart,
    version: /-(v?\d+\.\d+\.\d+.*)$/.exec(chart)?.[1] ?? text(at(entry, "app_version")),
    status: text(at(entry, "status")),
    revision: number(Number(at(entry, "revision"))),
  };
}

/** --all exists in helm 3 only; these name the same in both. */
const everyStatus = ["--deployed", "--failed", "--pending", "--uninstalling"];

export async function listReleases(helm: Helm, where: readonly string[], signal?: AbortSignal): Promise<readonly HelmReleaseFacts[]> {
  const answer = await helm.run({ args: ["list", ...where, ...everyStatus, "-o", "json"], ...(signal === undefined ? {} : { signal }) });
  if (answer.exitCode !== 0) throw failed("helm list", answer);
  return list(json(answer, "helm list")).map((entry) => releaseOf(entry, ""));
}

function chartArguments({ chart, version }: CiliumTarget): readonly string[] {
  if ("path" in chart) return [chart.path];
  if (chart.repository.startsWith("oci://")) return [`${chart.repository.replace(/\/$/, "")}/${chart.name}`, "--version", version];
  return [chart.name, "--repo", chart.repository, "--version", version];
}

/** Values go by a file of our own: JSON, for helm's reading of YAML is neither 1.1 nor 1.2. */
async function withValues<T>(values: JsonObject, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "crossfade-"));
  try {
    const file = path.join(folder, "values.json");
    await writeFile(file, JSON.stringify(values), { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The port `installer`. */
export function helmInstaller(helm: Helm, client: KubeClient, { namespace, release }: ReleaseName): Installer {
  const here = ["-n", namespace];

  async function current(): Promise<HelmReleaseFacts | null> {
    const found = await listReleases(helm, [...here, "--filter", `^${release.replaceAll(".", "\\.")}$`]);
    return found.find(({ name }) => name === release) ?? null;
  }

  async function change(what: string, args: readonly string[], signal: AbortSignal): Promise<void> {
    client.fence?.();
    const answer = await helm.run({ args, signal, timeoutMs: installTimeoutMs });
    if (answer.exitCode !== 0) throw failed(what, answer);
  }

  async function lastGoodRevision(): Promise<number | null> {
    const answer = await helm.run({ args: ["history", release, ...here, "-o", "json"] });
    if (answer.exitCode !== 0) throw failed("helm history", answer);
    const good = list(json(answer, "helm history")).filter((entry) => ["deployed", "superseded"].includes(text(at(entry, "status"))));
    return good.length === 0 ? null : Math.max(...good.map((entry) => number(at(entry, "revision"))));
  }

  return {
    release: current,
    async apply(target, values, signal) {
      await helm.major();
      await withValues(values, (file) => {
        const place = ["-n", target.namespace, "--create-namespace", "--history-max", "10"];
        const args = ["upgrade", target.release, ...chartArguments(target), "--install", ...place, "--reset-values", "-f", file, "--timeout", "10m"];
        return change(`helm upgrade of ${target.namespace}/${target.release}`, args, signal);
      });
    },
    async values() {
      if ((await current()) === null) return null;
      const answer = await helm.run({ args: ["get", "values", release, ...here, "-o", "json"] });
      if (answer.exitCode !== 0) throw failed("helm get values", answer);
      return (json(answer, "helm get values") ?? {}) as JsonObject;
    },
    async uninstall(signal) {
      if ((await current()) === null) return;
      await change(`helm uninstall of ${namespace}/${release}`, ["uninstall", release, ...here, "--timeout", "5m"], signal);
    },
    async recover(signal) {
      const now = await current();
      if (now === null || !now.status.startsWith("pending-")) return;
      const revision = now.status === "pending-install" ? null : await lastGoodRevision();
      if (revision === null) {
        return change(`helm uninstall of the pending ${namespace}/${release}`, ["uninstall", release, ...here, "--timeout", "5m"], signal);
      }
      const args = ["rollback", release, String(revision), ...here, "--timeout", "10m"];
      await change(`helm rollback of the pending ${namespace}/${release}`, args, signal);
    },
  };
}
