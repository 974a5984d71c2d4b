import type { Fence } from "../../../src/kube/lease/fence.ts";

/** A fence that the test opens and closes. */
export class TestFence implements Fence {
  closed = false;
  checks = 0;
  onCheck: () => void = () => undefined;
  leftMs: () => number = () => 60_000;
  readonly #renewed = new Set<() => void>();

  check(): void {
    this.checks += 1;
    this.onCheck();
    if (this.closed) throw new Error("not ours");
  }

  onRenewed(then: () => void): () => void {
    this.#renewed.add(then);
    return () => this.#renewed.delete(then);
  }

  renew(): void {
    for (const then of this.#renewed) then();
  }
}

export const closedFence = new TestFence();
closedFence.closed = true;
