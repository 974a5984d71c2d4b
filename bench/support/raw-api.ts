import { readFileSync } from "node:fs";
import type { LabAddress } from "crossfade-lab/lab-options.ts";

/** What a script reads of objects, as the API server sends them. */
export interface Raw {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly bootID: string };
    readonly podIP?: string;
    readonly observedGeneration?: number;
    readonly disruptionsAllowed?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

export interface RawList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Raw[];
}

const pollMs = 25;

/** Calls without any layer between: what a script with nothing but fetch would do. */
export class RawApi {
  readonly #url: string;
  readonly #token: string;
  readonly #stop = new AbortController();
  readonly #caches = new Map<string, Map<string, Raw>>();
  #wakers = new Set<() => void>();

  constructor({ url, kubeconfig }: LabAddress) {
    this.#url = url;
    this.#token = tokenOf(kubeconfig);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async must<T = Raw>(method: string, path: string, body?: unknown, type?: string): Promise<T> {
    const answer = await this.call(method, path, body, type);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  merge(path: string, patch: unknown): Promise<Raw> {
    return this.must("PATCH", path, patch, "application/merge-patch+json");
  }

  /** Lists, then watches for good; `objects` is kept true from then on and `until` woken by each event. */
  async watch(path: string): Promise<void> {
    const list = await this.must<RawList>("GET", path);
    const cache = new Map<string, Raw>();
    for (const item of list.items) cache.set(item.metadata.uid, item);
    this.#caches.set(path, cache);
    void this.#follow(path, cache, list.metadata.resourceVersion).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  async #follow(path: string, cache: Map<string, Raw>, version: string): Promise<void> {
    const response = await fetch(`${this.#url}${path}?watch=true&resourceVersion=${version}`, {
      headers: { authorization: `Bearer ${this.#token}` },
      signal: this.#stop.signal,
    });
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const { type, object } = JSON.parse(line) as { type: string; object: Raw };
        if (type === "DELETED") cache.delete(object.metadata.uid);
        else cache.set(object.metadata.uid, object);
      }
      for (const wake of this.#wakers) wake();
    }
  }

  objects(path: string): readonly Raw[] {
    const cache = this.#caches.get(path);
    if (!cache) throw new Error(`${path} is not watched`);
    return [...cache.values()];
  }

  /** Looks again at each event of any watch. */
  async until<T>(what: string, found: () => T | undefined | false | null): Promise<T> {
    const giveUpAt = performance.now() + 150_000;
    for (;;) {
      const value = found();
      if (value) return value;
      if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}`);
      await this.#changed();
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, 5_000);
      this.#wakers.add(wake);
    });
  }

  /** What no object tells is asked of the lab's own endpoints, every 25 ms. */
  async poll(what: string, look: () => Promise<boolean>): Promise<void> {
    const giveUpAt = performance.now() + 150_000;
    while (!(await look())) {
      if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Whether a packet gets there now, by the lab's own knowledge of its network. */
  async reaches(
    from: { readonly pod: string } | { readonly node: string },
    ip: string,
    port: number,
  ): Promise<boolean> {
    const { body } = await this.call("POST", "/lab/network", { ...from, to: { ip, port, protocol: "tcp" } });
    return (body as { readonly ok?: boolean }).ok === true;
  }

  stop(): void {
    this.#stop.abort();
  }
}

export function tokenOf(kubeconfig: string): string {
  const token = /^\s+token: (\S+)$/m.exec(readFileSync(kubeconfig, "utf8"))?.[1];
  if (token === undefined) throw new Error(`${kubeconfig} has no token`);
  return token;
}
