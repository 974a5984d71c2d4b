import { decisionOf } from "../decide/decision-of.ts";
import { answer } from "../decide/requests.ts";
import { CouldNotAsk, toFailure } from "../model/errors.ts";
import type { EngineEvent, EngineRequest } from "../model/events.ts";
import { fold } from "../model/fold.ts";
import { knownSecrets } from "../model/known-secrets.ts";
import type { Waiting } from "../model/observation.ts";
import type { AskedAgreement } from "../model/plan/asked-agreement.ts";
import type { Consent } from "../model/plan-types.ts";
import type { Ports } from "../model/ports/ports.ts";
import { type MigrationState, nothingYet } from "../model/state.ts";
import { StepMemory } from "../model/step-memory.ts";
import { type Catalogue, catalogue } from "./catalogue.ts";
import { lifeRecordOf, recordOf } from "./recording.ts";

/** Events after which the run's record on the cluster must be true again, written before they are told. */
const ofRun: ReadonlySet<EngineEvent["type"]> = new Set([
  "consent-given",
  "pace-changed",
  "direction-changed",
  "when-left-changed",
  "run-step-started",
  "run-step-finished",
  "run-finished",
]);

/** A line of the log, whatever somebody else's words in it. */
const longestLine = 4_000;

/** The same for a node's record. */
const ofNode: ReadonlySet<EngineEvent["type"]> = new Set([
  "node-queued",
  "node-excluded",
  "node-step-started",
  "node-remembered",
  "node-failed",
  "node-undo-step-started",
  "node-set-aside",
  "node-restored",
  "node-migrated",
]);

/** What the engine remembers between two ticks and may lose: asked again, it finds out again. */
export interface Memory {
  readonly step: StepMemory;
  readonly declaredRebooted: Set<string>;
  /** Time of the present step that is not counted: outages, pauses, waiting for a person. */
  idleMs: number;
  /** Of that, the time in which nobody worked at it: outages, pauses, waiting for a person. */
  stoodMs: number;
  /** When time alone clears the present hold. */
  dueInMs: number | null;
  /** The present step's last write was refused by admission. */
  denied: Waiting | null;
}

const newMemory = (): Memory => ({
  step: new StepMemory(),
  declaredRebooted: new Set(),
  idleMs: 0,
  stoodMs: 0,
  dueInMs: null,
  denied: null,
});

/** One engine at work: the state, its records, and who listens. */
export class Session {
  readonly ports: Ports;
  readonly catalogue: Catalogue;
  readonly #emit: (event: EngineEvent) => void;
  readonly #wakers = new Set<() => void>();
  readonly #requests: {
    readonly request: EngineRequest;
    readonly at: number;
    readonly reply: (refused: string | null) => void;
  }[] = [];
  #state: MigrationState = nothingYet;
  #ended = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** Records are written only once the run is ours and a person allowed it to begin. */
  recording = false;
  memory = newMemory();
  lookedForOthersAt = 0;
  /** Others can ask and are told through the cluster. */
  watchersOpen = false;
  /** Nodes that joined and take no part: told once. */
  readonly outside = new Set<string>();
  /** Answers to others that are under way. */
  readonly owed = new Set<Promise<unknown>>();
  /** Who asked for the run; the loop ends between two ticks. */
  handOverTo: string | null = null;
  /** What a person agreed to by a key, until it is acted on. */
  agreed: { readonly asked: AskedAgreement; readonly by: string } | null = null;
  /** Keeps on this machine what is consented to on it, before the cluster is told. */
  onConsent: (consent: Consent, by: string) => void = () => undefined;
  /** When the run became this engine's: the time before, a dead one's lease waited out among it, counts against no step. */
  takenUpAt: number;
  /** Takes the lease when the first consent comes; what it throws refuses the consent. */
  onFirstConsent: () => Promise<void> = () => Promise.resolve();

  constructor(ports: Ports, emit: (event: EngineEvent) => void, leaves: Catalogue = catalogue) {
    this.ports = ports;
    this.catalogue = leaves;
    this.#emit = emit;
    this.takenUpAt = ports.clock.now();
  }

  get state(): MigrationState {
    return this.#state;
  }

  now(): number {
    return this.ports.clock.now();
  }

  /** Tells what need not outlive the engine. */
  tell(said: EngineEvent): void {
    const event = knownSecrets.hideIn(said);
    // What still looks at the cluster beside the run has nothing to say after its end.
    if (this.#ended) return;
    this.#ended = event.type === "run-finished";
    this.#state = fold(this.#state, event);
    this.#emit(event);
  }

  /** Writes what must outlive the engine first, then tells it: intent before effect. One at a time, in order. */
  advance(event: EngineEvent): Promise<void> {
    return this.#inOrder(() => this.#advance(event));
  }

  async #advance(said: EngineEvent): Promise<void> {
    // Before it is recorded, and so sealed.
    const event = knownSecrets.hideIn(said);
    if (event.type === "consent-given") this.onConsent(event.consent, event.by);
    if (this.recording) await this.asking(() => this.#record(event));
    this.tell(event);
  }

  /** Time that an answer takes is the API server's and no step's: one that is slow, or asks to wait, fails no node. */
  async asking<T>(ask: () => Promise<T>): Promise<T> {
    const { memory } = this;
    const began = this.now();
    const answer = await ask();
    memory.idleMs += this.now() - began;
    return answer;
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastWrite.then(work);
    this.#lastWrite = done.catch(() => undefined);
    return done;
  }

  async #record(event: EngineEvent): Promise<void> {
    const next = fold(this.#state, event);
    if (ofRun.has(event.type)) await this.#recordRun(next);
    if (!ofNode.has(event.type) || !("node" in event) || event.node === null) return;
    const node = next.nodes[event.node];
    if (node) await this.ports.records.writeLife(node.name, lifeRecordOf(node, next));
  }

  async #recordRun(next: MigrationState): Promise<void> {
    const found = await this.ports.records.writeRun(recordOf(next));
    if (found !== null)
      this.log("warning", `${found} This engine, which runs the run, has written over it what it knows.`);
  }

  /** Who wanted what, told before it is done, so that its record bears it. */
  tellDecision(request: EngineRequest, at = this.now()): void {
    this.tell({ type: "decided", at: this.now(), decision: decisionOf(request, at) });
  }

  /** Writes what was measured and decided so far, for an engine that goes on after this one. */
  recordMeasured(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.recording && !this.#ended) await this.#recordRun(this.#state);
    });
  }

  log(level: "info" | "warning" | "error", text: string, node: string | null = null): void {
    const short = text.length <= longestLine ? text : `${text.slice(0, longestLine)}…`;
    this.tell({ type: "log", at: this.now(), level, node, text: short });
  }

  /** Forgets what was true of the step before. */
  freshMemory(): void {
    this.memory = newMemory();
  }

  /**
   * Takes a request; answers null when it was taken, else why not. Carried out between two ticks, never within one, but
   * for a pause: it changes nothing that a tick rests on, and helm may be at work for minutes.
   */
  async ask(request: EngineRequest): Promise<string | null> {
    if (request.request === "pause" && this.recording) {
      try {
        return await this.#inOrder(() => this.#pause(request));
      } catch (thrown) {
        if (!(thrown instanceof CouldNotAsk)) throw thrown;
      }
    }
    return this.#inLine(request);
  }

  async #pause(request: EngineRequest): Promise<string | null> {
    const said = answer(this.#state, request, this.now());
    if ("refused" in said) return said.refused;
    this.tellDecision(request);
    for (const event of said.events) await this.#advance(event);
    this.#wake();
    return null;
  }

  #inLine(request: EngineRequest): Promise<string | null> {
    return new Promise((reply) => {
      this.#requests.push({ request, at: this.now(), reply });
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Carries out what was asked since. */
  async takeRequests(): Promise<void> {
    for (let next = this.#requests[0]; next; next = this.#requests[0]) {
      // One that could not be recorded stays the first in line.
      const answered = await this.#carryOut(next);
      this.#requests.shift();
      next.reply(answered);
    }
  }

  async #carryOut({ request, at }: { request: EngineRequest; at: number }): Promise<string | null> {
    const said = answer(this.#state, request, this.now());
    if ("refused" in said) return said.refused;
    if (request.request === "consent" && request.consent === "nodes") {
      const why = await this.#firstConsent();
      if (why !== null) return why;
    }
    // Once, also where its record has to be tried again.
    this.tellDecision(request, at);
    const { agreement } = this.#state;
    for (const event of said.events) await this.advance(event);
    if (agreement !== null && request.request === "agree") this.agreed = { asked: agreement, by: request.by };
    this.#remember(request, said.events);
    return null;
  }

  /** What of a request is no event. */
  #remember(request: EngineRequest, events: readonly EngineEvent[]): void {
    if (request.request === "hand-over-run") this.handOverTo = request.by;
    if (events.some(({ type }) => type.endsWith("step-started"))) this.freshMemory();
    if (request.request === "rebooted") this.memory.declaredRebooted.add(request.node);
  }

  async #firstConsent(): Promise<string | null> {
    try {
      await this.onFirstConsent();
      return null;
    } catch (thrown) {
      const { message, remedy } = toFailure(thrown);
      return `${message}: ${remedy}`;
    }
  }

  /** Until the cluster changed, a request came, or the time is up. */
  async sleep(atMostMs: number, signal: AbortSignal): Promise<void> {
    if (this.#requests.length > 0) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wakers.add(wake);
    try {
      await this.ports.changes.next(atMostMs, AbortSignal.any([signal, woken.signal]));
    } catch (thrown) {
      if (!woken.signal.aborted) throw thrown;
    } finally {
      this.#wakers.delete(wake);
    }
  }
}
