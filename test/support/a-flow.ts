import type { Flow } from "../../src/engine/model/probing/flow.ts";
import type { FlowCount } from "../../src/engine/model/probing/prober-line.ts";

/** What becomes of the probe that is sent at that time: its round trip in milliseconds, or null where it is lost. */
export type Outcome = (at: number) => number | null;

const limitMs = 1_000;

export const aFlow = (changes: Partial<Flow> = {}): Flow => ({
  id: "a>b",
  path: "source-to-source",
  from: "a",
  to: "b",
  everyMs: 200,
  ...changes,
});

interface Row {
  readonly since: number;
  readonly length: number;
}

const noRow: Row = { since: 0, length: 0 };

/** What one second's line says, while it is counted. */
class Second {
  readonly #took: number[] = [];
  #lost = 0;
  #gap = { ms: 0, since: 0 };
  lostInARow: number | null = null;

  settle(tookMs: number | null): void {
    if (tookMs === null) this.#lost++;
    else this.#took.push(tookMs);
  }

  turnOf({ since, length }: Row, everyMs: number): void {
    this.lostInARow = length;
    const ms = length * everyMs;
    if (ms > 0 && ms >= this.#gap.ms) this.#gap = { ms, since };
  }

  #delay(): FlowCount["delayMs"] {
    const took = this.#took;
    if (took.length === 0) return null;
    return {
      least: Math.min(...took),
      mean: took.reduce((sum, ms) => sum + ms, 0) / took.length,
      most: Math.max(...took),
    };
  }

  count(id: string, lostInARow: number): FlowCount {
    return {
      id,
      good: this.#took.length,
      lost: this.#lost,
      delayMs: this.#delay(),
      gap: this.#gap.ms > 0 ? this.#gap : null,
      lostInARow,
      reordered: 0,
      late: 0,
      peerStallMs: 0,
      heard: null,
      error: this.#lost > 0 ? "timeout" : "",
    };
  }
}

/** The prober's own counting, without its sockets: what its lines say of one flow, a count for each second from `begins` on. */
export function countsOf(flow: Flow, begins: number, seconds: number, outcome: Outcome): readonly FlowCount[] {
  const lines = Array.from({ length: seconds }, () => new Second());
  const lineAt = (at: number) => lines[Math.max(0, Math.ceil((at - begins) / 1_000) - 1)];
  let row = noRow;
  // Gaps are told in the order of sending: a probe's turn comes when all before it are settled.
  let turn = begins;
  for (let sent = begins; sent < begins + seconds * 1_000; sent += flow.everyMs) {
    const tookMs = outcome(sent);
    const settled = sent + (tookMs ?? limitMs);
    lineAt(settled)?.settle(tookMs);
    turn = Math.max(turn, settled);
    row = tookMs === null ? { since: row.length === 0 ? sent : row.since, length: row.length + 1 } : noRow;
    lineAt(turn)?.turnOf(row, flow.everyMs);
  }
  let inARow = 0;
  return lines.map((line) => {
    inARow = line.lostInARow ?? inARow;
    return line.count(flow.id, inARow);
  });
}
