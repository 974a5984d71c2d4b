import type { Fence } from "../lease/fence.ts";
import type { KubeObject } from "../objects/kube-object.ts";

export type PatchKind = "json" | "merge" | "strategic" | "apply";

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Of each try, in milliseconds. */
  readonly timeoutMs?: number;
  /** False hands the server's first refusal to the caller, who judges it (evictions, the lease). */
  readonly retry?: boolean;
  /** False for the lease itself, which is how a fence opens again. */
  readonly fenced?: false;
  /** A creation that creates nothing (a review): it may be sent again when its answer was lost. */
  readonly repeatable?: boolean;
  /** Waits for no budget: the lease, whose renewal has a deadline. */
  readonly urgent?: boolean;
}

export interface ExecOptions extends CallOptions {
  /** The command changes something on the node: it is fenced like every write. */
  readonly writes?: boolean;
}

export interface PatchOptions extends CallOptions {
  readonly kind: PatchKind;
  /** Taken from our own fields by force (apply only). */
  readonly force?: boolean;
}

export interface ExecAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/**
 * The one HTTP layer under all adapters: keep-alive pool, HTTP/1.1, retries of what is safe to repeat, Retry-After,
 * request budget, signals. Errors are `ApiError` (the server's answer) or the engine's `Unavailable`.
 */
export interface KubeClient {
  /** The context's name, its server's address, and where kubeconfig came from (for helm's --kubeconfig, --kube-context). */
  readonly context: string;
  readonly server: string;
  readonly kubeconfigPath: string;
  get<T extends KubeObject>(path: string, options?: CallOptions): Promise<T>;
  /** Null on 404. */
  find<T extends KubeObject>(path: string, options?: CallOptions): Promise<T | null>;
  /** All pages. */
  list<T extends KubeObject>(path: string, options?: CallOptions): Promise<readonly T[]>;
  create<T extends KubeObject>(path: string, object: unknown, options?: CallOptions): Promise<T>;
  replace<T extends KubeObject>(path: string, object: KubeObject, options?: CallOptions): Promise<T>;
  patch<T extends KubeObject>(path: string, patch: unknown, options: PatchOptions): Promise<T>;
  /** Resolves once the server accepted; null when there was nothing to delete. */
  delete(path: string, body?: unknown, options?: CallOptions): Promise<KubeObject | null>;
  exec(target: ExecTarget, argv: readonly string[], options?: ExecOptions): Promise<ExecAnswer>;
  /** Asked as each try of each write leaves. Set by the lock. */
  fence: Fence | null;
  /** Requests sent so far by verb (GET, POST, …, WATCH, EXEC), tries counted singly: what benchmarks compare. */
  readonly requests: Readonly<Record<string, number>>;
  close(): Promise<void>;
}
