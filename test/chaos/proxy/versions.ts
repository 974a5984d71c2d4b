import type { Rewritten } from "./http-proxy.ts";

const inJson = /"resourceVersion":\s?"([1-9]\d*)"/g;
const inQuery = /([?&]resourceVersion=)([1-9]\d*)/;

/** How far the first server is ahead of the one that answers after it. */
const aheadBy = 1_000_000;

/**
 * Two API servers in one: the first tells every resourceVersion higher than it is, the second as it is. When the second takes
 * over (a restored backup, a member that lagged behind) all versions that a client holds lie in its future.
 */
export class Versions {
  #shift: number;

  constructor(startsAhead: boolean) {
    this.#shift = startsAhead ? aheadBy : 0;
  }

  goBack(): void {
    this.#shift = 0;
  }

  told(text: string): string {
    if (this.#shift === 0) return text;
    return text.replace(inJson, (_, version: string) => `"resourceVersion":"${Number(version) + this.#shift}"`);
  }

  meant(path: string, body: string): Rewritten {
    if (this.#shift === 0) return { path, body };
    const back = (version: string) => String(Math.max(1, Number(version) - this.#shift));
    return {
      path: path.replace(inQuery, (_, name: string, version: string) => name + back(version)),
      body: body.replace(inJson, (_, version: string) => `"resourceVersion":"${back(version)}"`),
    };
  }

  /** Whether a request names a version of the server that is gone. */
  isAhead(path: string): boolean {
    const version = inQuery.exec(path)?.[2];
    return this.#shift === 0 && version !== undefined && Number(version) >= aheadBy;
  }
}
