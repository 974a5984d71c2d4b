import type { ContainerTarget, LogOptions, PodAccess } from "../api/pods/pod-access.ts";
import type { ExecResult } from "../program.ts";
import { ApiError } from "../store/api-error.ts";
import type { ContainerLog, LogLine } from "./container-log.ts";
import type { ContainerRun } from "./container-run.ts";
import type { PodRun } from "./pod-run.ts";
import type { Kubelets } from "./start-kubelets.ts";
import { knows, notFound, runTool } from "./toolbox/toolbox.ts";

/** Images built from nothing: there is no shell in them, and no ls. */
const bareImages = /(^|\/)(coredns|etcd|pause|kube-apiserver|kube-controller-manager|kube-scheduler)[:@/]/;

/** exec and logs of the lab's pods. */
export function podAccess(kubelets: Kubelets): PodAccess {
  return {
    async exec(target, argv, stdin): Promise<ExecResult> {
      const { run, container } = find(kubelets, target);
      if (!container.isRunning) throw broken(`container not found ("${target.container}")`);
      const { program } = container;
      const { signal } = new AbortController();
      const answer = (await program?.exec?.(argv, signal)) ?? null;
      if (answer) return answer;
      const name = argv[0] ?? "";
      if (bareImages.test(container.spec.image) || !knows(name)) return notFound(name);
      const scope = run.scope(target.container, signal, () => stdin ?? Promise.resolve(""));
      return runTool(argv, { ...scope, own: (words, ends) => program?.exec?.(words, ends) ?? null });
    },
    logs(target, options, onLine, signal) {
      const { container } = find(kubelets, target);
      const log = options.previous ? container.previousLog : container.log;
      if (!log) throw noLog(target, container, options.previous === true);
      return print(log, options, onLine, signal);
    },
  };
}

function find(kubelets: Kubelets, target: ContainerTarget): { readonly run: PodRun; readonly container: ContainerRun } {
  const run = kubelets.pod(target.namespace, target.pod);
  const container = run && [...run.mains, ...run.inits].find(({ spec }) => spec.name === target.container);
  if (!run || !container) throw broken(`container not found ("${target.container}")`);
  const machine = kubelets.machine(run.pod.spec.nodeName ?? "");
  if (!machine?.up)
    throw broken(`error dialing backend: dial tcp ${machine?.ip ?? ""}:10250: connect: no route to host`);
  return { run, container };
}

function broken(message: string): ApiError {
  return new ApiError(500, "InternalError", message);
}

function noLog({ pod, container: name }: ContainerTarget, container: ContainerRun, previous: boolean): ApiError {
  if (previous)
    return new ApiError(400, "BadRequest", `previous terminated container "${name}" in pod "${pod}" not found`);
  const reason = "waiting" in container.state ? container.state.waiting.reason : "ContainerCreating";
  return new ApiError(400, "BadRequest", `container "${name}" in pod "${pod}" is waiting to start: ${reason}`);
}

function print(
  log: ContainerLog,
  options: LogOptions,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const write = ({ at, text }: LogLine) => onLine(options.timestamps ? `${new Date(at).toISOString()} ${text}` : text);
  const since = sinceMs(options, log.now());
  const recent = log.lines.filter(({ at }) => at >= since);
  const tail = options.tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - options.tailLines));
  for (const line of tail) write(line);
  if (!options.follow || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      stop();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const stop = log.follow((line) => (line === null ? queueMicrotask(finish) : write(line)));
    signal.addEventListener("abort", finish, { once: true });
  });
}

function sinceMs({ sinceSeconds, sinceTime }: LogOptions, now: number): number {
  if (sinceTime !== undefined) return Date.parse(sinceTime);
  return sinceSeconds === undefined ? 0 : now - sinceSeconds * 1_000;
}
