import { decisionOf } from "../decide/decision-of.ts";
import { answer } from "../decide/requests.ts";
import { Unavailable } from "../model/errors.ts";
import type { EngineEvent, EngineRequest } from "../model/events.ts";
import { fold } from "../model/fold.ts";
import { knownSecrets } from "../model/known-secrets.ts";
import { bounded } from "../model/notes/bounded.ts";
import { type Note, note } from "../model/notes/note.ts";
import type { AskedAgreement } from "../model/plan/asked-agreement.ts";
import type { Consent } from "../model/plan-types.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { Reason } from "../model/reason.ts";
import { requestFailed } from "../model/reasons/request-failed.ts";
import { type LogLine, type MigrationState, nothingYet } from "../model/state.ts";
import { ObserverLink } from "../observers/observer-link.ts";
import { type Catalogue, catalogue } from "./catalogue.ts";
import { PresentStep } from "./present-step.ts";
import { nodeRecordOf, recordOf } from "./recording.ts";
import { RequestLine } from "./request-line.ts";

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
const longestText = 4_000;

/** The same for a node's record. */
const ofNode: ReadonlySet<EngineEvent["type"]> = new Set([
  "node-queued",
  "node-excluded",
  "node-step-started",
  "node-remembered",
  "node-failed",
  "node-rollback-step-started",
  "node-deferred",
  "node-rolled-back",
  "node-migrated",
]);

/** Who carries out what a consent means beyond its event. */
export interface ConsentTerms {
  /** Takes the lease when the first consent comes; what it throws refuses the consent. */
  readonly first: () => Promise<void>;
  /** Keeps on this machine what is consented to on it, before the cluster is told. */
  readonly given: (consent: Consent, by: string) => void;
}

const noTerms: ConsentTerms = { first: () => Promise.resolve(), given: () => undefined };

/** What a person agreed to by a key. */
export interface Agreed {
  readonly asked: AskedAgreement;
  readonly by: string;
}

/** One engine at work: the run's state and its records, and who listens. */
export class Session {
  readonly ports: Ports;
  readonly catalogue: Catalogue;
  readonly observers: ObserverLink;
  readonly #emit: (event: EngineEvent) => void;
  readonly #requests: RequestLine;
  #state: MigrationState = nothingYet;
  #step = new PresentStep();
  #ended = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  #recording = false;
  #takenUpAt: number;
  #releasedTo: string | null = null;
  #agreed: Agreed | null = null;
  #consents = noTerms;

  constructor(ports: Ports, emit: (event: EngineEvent) => void, leaves: Catalogue = catalogue) {
    this.ports = ports;
    this.catalogue = leaves;
    this.observers = new ObserverLink(ports);
    this.#requests = new RequestLine(() => ports.changes);
    this.#emit = emit;
    this.#takenUpAt = ports.clock.now();
  }

  get state(): MigrationState {
    return this.#state;
  }

  /** The step that is worked at. */
  get step(): PresentStep {
    return this.#step;
  }

  /** Records are written only once the run is ours and a person allowed it to begin. */
  get recording(): boolean {
    return this.#recording;
  }

  /** When the run became this engine's: the time before, a dead one's lease waited out among it, counts against no step. */
  get takenUpAt(): number {
    return this.#takenUpAt;
  }

  /** Who asked for the run; the loop ends between two ticks. */
  get releasedTo(): string | null {
    return this.#releasedTo;
  }

  now(): number {
    return this.ports.clock.now();
  }

  /** From here on the run is ours, and recorded. */
  takeUp(): void {
    this.#recording = true;
    this.#takenUpAt = this.now();
  }

  /** From here on a consent is more than its event. */
  onConsent(terms: ConsentTerms): void {
    this.#consents = terms;
  }

  /** Another step is begun: what was true of the one before it is forgotten. */
  beginStep(): void {
    this.#step = new PresentStep();
  }

  /** What a person agreed to by a key since this was asked last. */
  takeAgreed(): Agreed | null {
    const agreed = this.#agreed;
    this.#agreed = null;
    return agreed;
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
    if (event.type === "consent-given") this.#consents.given(event.consent, event.by);
    if (this.#recording) await this.asking(() => this.#record(event));
    this.tell(event);
  }

  /** Time that an answer takes is the API server's and no step's: one that is slow, or asks to wait, fails no node. */
  async asking<T>(ask: () => Promise<T>): Promise<T> {
    const step = this.#step;
    const began = this.now();
    const answer = await ask();
    step.answered(this.now() - began);
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
    if (node) await this.ports.records.writeNode(node.name, nodeRecordOf(node, next));
  }

  async #recordRun(next: MigrationState): Promise<void> {
    const found = await this.ports.records.writeRun(recordOf(next));
    if (found !== null) this.log("warning", note("record-overwritten", { found }));
  }

  /** Who wanted what, told before it is done, so that its record bears it. */
  tellDecision(request: EngineRequest, at = this.now()): void {
    this.tell({ type: "decided", at: this.now(), decision: decisionOf(request, at) });
  }

  /** Writes what was measured and decided so far, for an engine that goes on after this one. */
  recordMeasured(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#recording && !this.#ended) await this.#recordRun(this.#state);
    });
  }

  /** A line of the log. */
  log(level: LogLine["level"], said: Note, node: string | null = null): void {
    this.tell({ type: "log", at: this.now(), level, node, note: bounded(said, longestText) });
  }

  /**
   * Takes a request; answers null when it was taken, else why not. Carried out between two ticks, never within one, but
   * for a pause: it changes nothing that a pass rests on, and helm may be at work for minutes.
   */
  async ask(request: EngineRequest): Promise<Reason | null> {
    if (request.request === "pause" && this.#recording) {
      try {
        return await this.#inOrder(() => this.#pause(request));
      } catch (thrown) {
        if (!(thrown instanceof Unavailable)) throw thrown;
      }
    }
    return this.#requests.add(request, this.now());
  }

  async #pause(request: EngineRequest): Promise<Reason | null> {
    const said = answer(this.#state, request, this.now());
    if ("refused" in said) return said.refused;
    this.tellDecision(request);
    for (const event of said.events) await this.#advance(event);
    this.#requests.wake();
    return null;
  }

  /** Carries out what was asked since; one that could not be recorded stays the first in line. */
  takeRequests(): Promise<void> {
    return this.#requests.carryOut((asked) => this.#carryOut(asked));
  }

  async #carryOut({ request, at }: { request: EngineRequest; at: number }): Promise<Reason | null> {
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
    if (agreement !== null && request.request === "agree") this.#agreed = { asked: agreement, by: request.by };
    this.#remember(request, said.events);
    return null;
  }

  /** What of a request is no event. */
  #remember(request: EngineRequest, events: readonly EngineEvent[]): void {
    if (request.request === "release-run") this.#releasedTo = request.by;
    if (events.some(({ type }) => type.endsWith("step-started"))) this.beginStep();
    if (request.request === "rebooted") this.#step.declareRebooted(request.node);
  }

  /** The first consent is given: the run becomes ours. */
  begin(): Promise<void> {
    return this.#consents.first();
  }

  async #firstConsent(): Promise<Reason | null> {
    try {
      await this.begin();
      return null;
    } catch (thrown) {
      return requestFailed(thrown);
    }
  }

  /** Until the cluster changed, a request came, or the time is up. */
  sleep(atMostMs: number, signal: AbortSignal): Promise<void> {
    return this.#requests.sleep(atMostMs, signal);
  }
}
