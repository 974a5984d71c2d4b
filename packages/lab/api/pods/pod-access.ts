import type { ExecResult } from "../../program.ts";

/** Which container is meant. The API server has filled in and checked the container's name. */
export interface ContainerTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Query parameters of a pod's log. */
export interface LogOptions {
  readonly tailLines?: number;
  readonly previous?: boolean;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly timestamps?: boolean;
  /** The server cuts there too; a kubelet may leave it to that. */
  readonly limitBytes?: number;
  readonly follow?: boolean;
}

/** What the API server asks of the kubelet that runs a pod. */
export interface PodAccess {
  /**
   * Runs a command to its end. `stdin` settles when the client has closed its side: only a command that reads it should
   * wait for it. Throws ApiError where no process could be started.
   */
  exec(target: ContainerTarget, argv: readonly string[], stdin?: Promise<string>): Promise<ExecResult>;
  /** Resolves when the log ends; with `follow` that is when the container does, or at the signal. Lines have no newline. */
  logs(
    target: ContainerTarget,
    options: LogOptions,
    onLine: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}
