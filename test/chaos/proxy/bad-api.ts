import { type Random, seededRandom } from "crossfade-lab/random.ts";
import { badGateway, expiredEvent, refusal } from "./answers.ts";
import { type Episode, type FaultKind, faultKinds, type Schedule } from "./faults.ts";
import {
  type Answer,
  type Exchange,
  type Hooks,
  HttpProxy,
  type Stream,
  type Upstream,
  type Verdict,
} from "./http-proxy.ts";
import { Versions } from "./versions.ts";

/** The cluster's clock, by which episodes begin and end. */
export interface ClusterClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface BadApiOptions {
  readonly upstream: Upstream;
  readonly schedule: Schedule;
  readonly seed: number;
  readonly clock: ClusterClock;
  /** Divides the delays of single answers, as it divides the client's waits. */
  readonly speedup: number;
  /** The token that clients have; "" where the proxy does not look. */
  readonly token: string;
  /** Puts a new token where clients find it. */
  readonly giveToken: (token: string) => void;
  readonly port?: number;
  readonly tell?: (line: string) => void;
  /** Looks at what passes, before and after the API server. */
  readonly witness?: Pick<Hooks, "before" | "after">;
}

type Before = (exchange: Exchange) => Verdict | Promise<Verdict>;
type After = (exchange: Exchange, answer: Answer) => Verdict;

const isWrite = ({ method }: Exchange) => method !== "GET" && method !== "HEAD";
const isReview = ({ path }: Exchange) => path.includes("accessreviews");
const moved = "the object has been modified; please apply your changes to the latest version and try again";

/** An API server as bad as the schedule says: a proxy before one that is well. */
export class BadApi {
  /** How many requests, answers and streams each kind has met. */
  readonly injected = new Map<FaultKind, number>(faultKinds.map((kind) => [kind, 0]));
  readonly #options: BadApiOptions;
  readonly #random: Random;
  readonly #active = new Set<Episode>();
  readonly #streams = new Set<Stream>();
  readonly #versions: Versions;
  readonly #over = new AbortController();
  #proxy!: HttpProxy;
  #token: string;
  #tokens = 1;
  #requests = 0;
  /** Of the schedule, which is in the order of time. */
  #begun = 0;
  readonly #playing: Promise<void>[] = [];

  private constructor(options: BadApiOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ^ 0x5bd1e995);
    this.#token = options.token;
    this.#versions = new Versions(options.schedule.some(({ kind }) => kind.startsWith("went-back")));
  }

  static async start(options: BadApiOptions): Promise<BadApi> {
    const api = new BadApi(options);
    const hooks: Hooks = {
      before: (exchange) => api.#before(exchange),
      rewrite: ({ path, body }) => api.#versions.meant(api.#inSmallPages(path), body),
      after: (exchange, answer) => api.#after(exchange, answer),
      stream: (exchange, stream) => api.#stream(exchange, stream),
      event: (_exchange, line) => api.#event(line),
      pieceEveryMs: ({ kind }) => (kind === "call" && api.#strikes("slow-body") ? 400 / options.speedup : 0),
    };
    api.#proxy = await HttpProxy.start(options.upstream, hooks, options.port);
    return api;
  }

  get port(): number {
    return this.#proxy.port;
  }

  /** Kinds at work now. */
  get active(): readonly FaultKind[] {
    return [...this.#active].map(({ kind }) => kind);
  }

  get faults(): number {
    return [...this.injected.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Told before each end of an episode, while it is still at work. */
  beforeEnd: (episode: Episode) => void = () => undefined;

  async close(): Promise<void> {
    this.#over.abort(new Error("over"));
    await Promise.all(this.#playing);
    await this.#proxy.close();
  }

  /** The episodes whose request this is begin. */
  #advance(): void {
    this.#requests += 1;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#begun += 1;
      this.#playing.push(this.#play(next));
    }
  }

  #next(): Episode | undefined {
    const episode = this.#options.schedule[this.#begun];
    return episode !== undefined && episode.atRequest <= this.#requests ? episode : undefined;
  }

  async #play(episode: Episode): Promise<void> {
    const { clock, tell } = this.#options;
    const { signal } = this.#over;
    try {
      tell?.(`${episode.kind} begins`);
      this.#active.add(episode);
      await this.#begin(episode.kind);
      await clock.sleep(episode.forMs, signal);
      this.beforeEnd(episode);
      this.#active.delete(episode);
      await this.#end(episode.kind);
      tell?.(`${episode.kind} ends`);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  }

  async #begin(kind: FaultKind): Promise<void> {
    if (kind === "outage") {
      this.#count(kind);
      await this.#proxy.refuse();
    } else if (kind === "half-open" || kind === "black-hole") {
      for (const stream of this.#streams) {
        if (stream.ended) continue;
        this.#count(kind);
        stream.freeze();
      }
    } else if (kind === "unauthorized") {
      this.#tokens += 1;
      this.#token = `token-${this.#tokens}`;
    } else if (kind === "went-back" || kind === "went-back-mute") {
      this.#versions.goBack();
      this.#count(kind);
      this.#proxy.cutAll();
    } else if (kind === "expired" || kind === "mute-watch" || kind === "stale-read") {
      for (const stream of this.#streams) stream.cut();
    }
  }

  async #end(kind: FaultKind): Promise<void> {
    if (kind === "outage" && !this.active.includes("outage")) await this.#proxy.join();
    // What was never answered is not left open for ever: the way to the server was mended.
    if (kind === "black-hole") this.#proxy.cutAll();
    const isLast = !this.active.includes(kind);
    if (kind === "unauthorized" && isLast && this.#options.token !== "") this.#options.giveToken(this.#token);
  }

  #count(kind: FaultKind): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }

  /** Whether an episode of this kind meets what comes by now. */
  #strikes(kind: FaultKind): boolean {
    for (const episode of this.#active) {
      if (episode.kind !== kind || this.#random.next() >= episode.share) continue;
      this.#count(kind);
      return true;
    }
    return false;
  }

  async #before(exchange: Exchange): Promise<Verdict> {
    this.#advance();
    const seen = (await this.#options.witness?.before?.(exchange)) ?? "pass";
    if (seen !== "pass") return seen;
    for (const [kind, verdict] of Object.entries(this.#beforehand)) {
      if (this.#concerns(kind as FaultKind, exchange) && this.#strikes(kind as FaultKind)) {
        const said = await verdict(exchange);
        if (said !== "pass") return said;
      }
    }
    if (!this.#accepts(exchange)) {
      this.#count("unauthorized");
      return refusal(401, "Unauthorized");
    }
    return "pass";
  }

  readonly #beforehand: Readonly<Partial<Record<FaultKind, Before>>> = {
    "black-hole": () => "silence",
    unavailable: () => refusal(503, "the server is currently unable to handle the request"),
    latency: async (): Promise<Verdict> => {
      await new Promise((resolve) => setTimeout(resolve, (this.#random.next() * 4_000) / this.#options.speedup));
      return "pass";
    },
    "drop-before": () => "cut",
    throttle: () => refusal(429, "Too many requests, please try again later.", { "retry-after": "1" }),
    "throttle-bare": () => refusal(429, "Too many requests, please try again later."),
    "error-500": () => refusal(500, "etcdserver: request timed out"),
    "error-502": () => badGateway,
    "error-503": () => refusal(503, "apiserver not ready"),
    "error-504": () => refusal(504, "Timeout: request did not complete within requested timeout"),
    expired: ({ kind }) => {
      if (kind === "watch" && this.#random.next() < 0.5) return expiredEvent();
      return refusal(410, "The provided continue parameter is too old to display a consistent list result");
    },
    conflict: ({ path }) => refusal(409, `Operation cannot be fulfilled on ${path.split("?")[0] ?? ""}: ${moved}`),
    // Whoever lists now reads what lags behind.
    "stale-read": () => refusal(410, "too old resource version"),
  };

  #concerns(kind: FaultKind, exchange: Exchange): boolean {
    if (kind === "expired") return exchange.kind === "watch" || exchange.path.includes("continue=");
    if (kind === "conflict") return (exchange.method === "PUT" || exchange.method === "PATCH") && !isReview(exchange);
    if (kind === "stale-read") return exchange.kind === "watch";
    if (kind === "throttle" || kind === "throttle-bare") return !exchange.path.includes("/eviction");
    return true;
  }

  #accepts({ authorization }: Exchange): boolean {
    // kubectl sends no token over plain HTTP: what it would be refused for it is let do.
    return authorization === "" || this.#options.token === "" || authorization === `Bearer ${this.#token}`;
  }

  async #after(exchange: Exchange, answer: Answer): Promise<Verdict> {
    await this.#options.witness?.after?.(exchange, answer);
    if (exchange.method === "GET" && this.#strikes("stale-read")) await this.#age();
    for (const [kind, verdict] of Object.entries(this.#afterwards)) {
      const concerned = kind !== "late-504" || (isWrite(exchange) && !isReview(exchange) && answer.status < 300);
      if (concerned && this.#strikes(kind as FaultKind)) return verdict(exchange, answer);
    }
    const told = this.#versions.told(answer.body);
    return told === answer.body ? "pass" : { status: answer.status, headers: answer.headers, body: told };
  }

  /** What was read is kept back until it is old: for whoever gets it the same as a server that lags behind. */
  #age(): Promise<void> {
    const { clock } = this.#options;
    return clock.sleep(this.#random.next() * 20_000, this.#over.signal).catch(() => undefined);
  }

  readonly #afterwards: Readonly<Partial<Record<FaultKind, After>>> = {
    "drop-after": () => "cut",
    "late-504": () =>
      refusal(504, "Timeout: request did not complete within requested timeout - context deadline exceeded"),
    truncated: (_exchange, { status, headers, body }) =>
      this.#random.next() < 0.5 ? "half" : { status, headers, body: body.slice(0, Math.floor(body.length / 2)) },
  };

  #stream(exchange: Exchange, stream: Stream): void {
    for (const old of this.#streams) if (old.ended) this.#streams.delete(old);
    this.#streams.add(stream);
    if (exchange.kind !== "watch") return;
    const waitsForFuture = this.#options.schedule.some(({ kind }) => kind === "went-back-mute");
    if (this.#strikes("mute-watch") || (waitsForFuture && this.#versions.isAhead(exchange.path))) stream.freeze();
  }

  #event(line: string): Promise<string> | string {
    const told = this.#versions.told(line);
    const lag = [...this.#active].find(({ kind }) => kind === "lag");
    if (lag === undefined) return told;
    this.#count("lag");
    const { signal } = this.#over;
    return this.#options.clock.sleep(lag.share * 20_000, signal).then(
      () => told,
      () => told,
    );
  }

  /** So that a cluster of a few objects has continue tokens that can expire; and a watch of the future is let wait. */
  #inSmallPages(path: string): string {
    const muted = this.#options.schedule.some(({ kind }) => kind === "went-back-mute") && this.#versions.isAhead(path);
    const open = muted ? path.replace(/([?&]resourceVersion=)\d+/, "$1") : path;
    return this.active.includes("expired") ? open.replace("limit=500", "limit=3") : open;
  }
}
