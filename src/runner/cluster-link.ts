import { Unavailable } from "../engine/model/errors.ts";
import type { EngineEvent, EngineRequest } from "../engine/model/events.ts";
import { fold } from "../engine/model/fold.ts";
import { knownSecrets } from "../engine/model/known-secrets.ts";
import type { Ports } from "../engine/model/ports/ports.ts";
import { type Reason, reason } from "../engine/model/reason.ts";
import { type MigrationState, nothingYet } from "../engine/model/state.ts";
import { differences, isAnother, type Seen, watched } from "../engine/observers/observing.ts";
import { NodeWatch } from "../engine/run/snapshot.ts";
import { askRunner } from "./ask-runner.ts";
import type { RunLink } from "./protocol.ts";

/** Between two looks when nothing changes, and at least so long whatever does. */
const lookEveryMs = 2_000;
const restMs = 250;
/** A runner hears within two seconds, but for the moments in which it cannot reach the cluster. */
const answerWithinMs = 15_000;

const asks: ReadonlySet<string> = new Set(["pause", "resume", "release-run"]);

/** A run that somebody else's engine drives, as the cluster's watches tell it: read-only, live, and never by exec. */
export class ClusterLink implements RunLink {
  readonly watching = true;
  readonly #ports: Ports;
  readonly #onEvent = new Set<(event: EngineEvent) => void>();
  readonly #onState = new Set<(state: MigrationState) => void>();
  readonly #closed = new AbortController();
  #state: MigrationState = nothingYet;

  private constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Resolves with the first whole state; null where no run is recorded. */
  static async open(ports: Ports): Promise<ClusterLink | null> {
    const link = new ClusterLink(ports);
    const seen = await link.#look();
    if (seen === null) return null;
    link.#state = watched(seen, ports.clock.now());
    void link.#follow();
    void new NodeWatch(link.#onlooker(), { readsFiles: false }).watch(link.#closed.signal);
    return link;
  }

  get state(): MigrationState {
    return this.#state;
  }

  onEvent(then: (event: EngineEvent) => void): () => void {
    this.#onEvent.add(then);
    return () => this.#onEvent.delete(then);
  }

  onState(then: (state: MigrationState) => void): () => void {
    this.#onState.add(then);
    return () => this.#onState.delete(then);
  }

  /** The cluster does not go away: what cannot be reached is shown as stale. */
  onClosed(): () => void {
    return () => undefined;
  }

  async ask({ request, by }: EngineRequest): Promise<Reason | null> {
    const { runner } = this.#state;
    if (!asks.has(request)) return reason("observing-only", { holder: runner?.holder ?? null });
    if (runner?.lease !== "held") return reason("no-runner", {});
    const { signal } = this.#closed;
    const ask = request as "pause" | "resume" | "release-run";
    const answer = await askRunner(this.#ports, { ask, by, waitMs: answerWithinMs, signal });
    if (answer === null) return reason("runner-silent", { holder: runner.holder, seconds: answerWithinMs / 1_000 });
    return answer.refused;
  }

  close(): void {
    this.#closed.abort(new Unavailable("the panel was left"));
    this.#onEvent.clear();
    this.#onState.clear();
  }

  /** Null where no run is recorded. */
  async #look(): Promise<Seen | null> {
    const { records, observers, lock, nodes } = this.#ports;
    const record = await records.run();
    if (record === null) return null;
    const view = new Map((await nodes.list()).map(({ name, ready }) => [name, { ready }]));
    return knownSecrets.hideIn({
      record,
      nodeRecords: await records.nodeRecords(),
      news: await observers.news(),
      lock: await lock.watched(),
      view,
    });
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closed;
    const { changes, clock } = this.#ports;
    while (!signal.aborted) {
      try {
        await changes.next(lookEveryMs, signal);
        const beganAt = performance.now();
        this.#take(await this.#look());
        // Of thousands of nodes a look is not cheap: it may have a tenth of the time.
        await clock.sleep(Math.max(restMs, 9 * (performance.now() - beganAt)), signal);
      } catch {
        // What was seen stays on the screen, and the link's state tells its age.
        await clock.sleep(restMs, signal).catch(() => undefined);
      }
    }
  }

  #take(seen: Seen | null): void {
    if (seen === null || this.#closed.signal.aborted) return;
    const at = this.#ports.clock.now();
    if (!isAnother(this.#state, seen)) {
      for (const event of differences(this.#state, seen, at)) this.#tell(event);
      return;
    }
    this.#state = watched(seen, at);
    for (const then of this.#onState) then(this.#state);
  }

  #tell(said: EngineEvent): void {
    const event = knownSecrets.hideIn(said);
    this.#state = fold(this.#state, event);
    for (const then of this.#onEvent) then(event);
  }

  #onlooker(): ConstructorParameters<typeof NodeWatch>[0] {
    const state = () => this.#state;
    return {
      ports: this.#ports,
      get state() {
        return state();
      },
      now: () => this.#ports.clock.now(),
      tell: (event) => this.#tell(event),
    };
  }
}
