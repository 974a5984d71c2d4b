import path from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { Environment } from "../auth/kubeconfig.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { redact } from "../client/redact.ts";
import type { Fence } from "../lease/fence.ts";
import { findProgram } from "../process/find-program.ts";
import { type CommandAnswer, runCommand } from "../process/run-command.ts";

/** Where helm keeps things is the operator's; what it works on is ours to say. */
const keptEnv =
  /^HELM_(CACHE_HOME|CONFIG_HOME|DATA_HOME|PLUGINS|REGISTRY_CONFIG|REPOSITORY_CACHE|REPOSITORY_CONFIG|CONTENT_CACHE|DRIVER.*)$/;

export interface HelmCall {
  readonly args: readonly string[];
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** What it reads on stdin. */
  readonly input?: string;
  /** It changes the cluster. */
  readonly writes?: true;
  /** A folder of ours for what helm keeps of repositories: a fresh one is asked anew, and the operator's own stays as it was. */
  readonly cache?: string;
}

interface Spawning {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly input?: string | undefined;
  readonly fence?: Fence | null;
  readonly cache?: string | undefined;
}

export function helmEnv(env: Environment, kubeconfigPath: string): Environment {
  const out = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith("CROSSFADE_CHART_") && (!name.startsWith("HELM_") || keptEnv.test(name)),
    ),
  );
  // Several files cannot be named by --kubeconfig; helm merges them by kubectl's rules too.
  return kubeconfigPath.includes(path.delimiter) ? { ...out, KUBECONFIG: kubeconfigPath } : out;
}

const cacheEnv = (folder: string | undefined): Environment =>
  folder === undefined
    ? {}
    : {
        HELM_CACHE_HOME: folder,
        HELM_REPOSITORY_CACHE: path.join(folder, "repository"),
        HELM_CONTENT_CACHE: path.join(folder, "content"),
      };

function versionIn({ stdout, stderr, exitCode }: CommandAnswer): string {
  const version = stdout.trim();
  if (exitCode === 0 && /^v\d+\.\d+\.\d+\S*$/.test(version)) return version;
  const said = (stderr.trim() || version).split("\n").at(-1)?.slice(0, 200) ?? "";
  throw new CrossfadeError("NO_HELM", reason("helm-version-unknown", { said }));
}

/** helm as a subprocess on our cluster: argument lists, no shell. */
export class Helm {
  readonly #client: KubeClient;
  readonly #env: Environment;
  #version: Promise<string> | null = null;

  constructor(client: KubeClient, env: Environment) {
    this.#client = client;
    this.#env = env;
  }

  /** As helm prints it (v4.1.4); null where there is no helm. */
  async version(): Promise<string | null> {
    return findProgram("helm", this.#env) === null ? null : this.#versionOf();
  }

  /** 3 or 4; another is refused, for its flags are not known. */
  async major(): Promise<number> {
    const version = await this.#versionOf();
    const major = Number(/^v(\d+)\./.exec(version)?.[1]);
    if (major === 3 || major === 4) return major;
    throw new CrossfadeError("NO_HELM", reason("helm-not-supported", { version }));
  }

  async run({ args, signal, timeoutMs, input, writes, cache }: HelmCall): Promise<CommandAnswer> {
    const target = this.#client.kubeconfigPath;
    const single = target === "" || target.includes(path.delimiter) ? [] : ["--kubeconfig", target];
    const context = target === "" ? [] : ["--kube-context", this.#client.context];
    const fence = writes === true ? this.#client.fence : null;
    const how = { timeoutMs: timeoutMs ?? 60_000, signal, input, fence, cache };
    return this.#spawn([...args, ...single, ...context], how);
  }

  #versionOf(): Promise<string> {
    this.#version ??= this.#spawn(["version", "--template", "{{.Version}}"], { timeoutMs: 20_000 }).then(versionIn);
    this.#version.catch(() => {
      this.#version = null;
    });
    return this.#version;
  }

  async #spawn(args: readonly string[], how: Spawning): Promise<CommandAnswer> {
    const { timeoutMs, signal, input, fence = null, cache } = how;
    const program = findProgram("helm", this.#env);
    if (program === null) throw new CrossfadeError("NO_HELM", reason("no-helm", {}));
    const env = { ...helmEnv(this.#env, this.#client.kubeconfigPath), ...cacheEnv(cache) };
    try {
      const answer = await runCommand({
        argv: [program, ...args],
        env,
        timeoutMs,
        fence,
        ...(signal === undefined ? {} : { signal }),
        ...(input === undefined ? {} : { input }),
      });
      return { ...answer, stderr: redact(answer.stderr) };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      const why = error instanceof Error ? error.message : String(error);
      const facts = { command: args[0] ?? "", said: why };
      throw new CrossfadeError("HELM_FAILED", reason("helm-not-run", facts), { cause: error });
    }
  }
}
