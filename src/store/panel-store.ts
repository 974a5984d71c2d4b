import { createStore, type StoreApi } from "zustand/vanilla";
import type { ApiTls } from "../engine/model/cluster/api-tls.ts";
import type { EngineEvent } from "../engine/model/events.ts";
import { fold } from "../engine/model/fold.ts";
import type { MigrationState } from "../engine/model/state.ts";
import { EventQueue } from "./coalesce.ts";
import type { Origin } from "./dialogs/answer.ts";
import type { Controls } from "./keys/controls.ts";
import { createKeyActions } from "./keys/create-key-actions.ts";
import { pasteText, pressKey } from "./keys/press.ts";
import { newsLength, saidLine, withNews } from "./news.ts";
import type { PanelClock } from "./panel-clock.ts";
import { firstView, type Pane, type PanelState, type Size } from "./panel-state.ts";
import type { Glyphs } from "./text/glyphs.ts";
import { inMotion } from "./views/counts.ts";

/** Data is shown at most this often; keys are shown at once. */
export const publishEveryMs = 220;

/** While nothing moves, ages on the screen are told this often. */
const idleTickMs = 60_000;

export interface PanelStoreOptions {
  readonly state: MigrationState;
  readonly controls: Controls;
  readonly clock: PanelClock;
  /** The kubeconfig context. */
  readonly cluster: string;
  /** user@host */
  readonly user: string;
  readonly size: Size;
  readonly glyphs: Glyphs;
  readonly zone?: string | undefined;
  readonly ownCluster?: boolean;
  readonly watching?: boolean;
  readonly tls?: ApiTls | undefined;
}

/** The panel's state outside React: it takes events and keys, and tells its subscribers seldom. */
export interface PanelStore extends Pick<StoreApi<PanelState>, "getState" | "subscribe" | "getInitialState"> {
  receive(event: EngineEvent): void;
  /** Where the keys that follow came from. */
  comingFrom(origin: Origin): void;
  press(key: string): void;
  paste(text: string): void;
  resize(size: Size): void;
  /** The whole state anew: events were left out, or another engine goes on. */
  renew(run: MigrationState, watching?: boolean): void;
  /** The link to the engine is gone. */
  closed(why: string): void;
  tell(text: string, bad?: boolean): void;
  /** Ends all timers. */
  end(): void;
}

/** The plan is shown once there is one, and makes room for the nodes once the move begins; who types is not moved away. */
function paneAfter({ run: before, view }: PanelState, run: MigrationState): Pane {
  if (view.filtering) return view.pane;
  if (run.plan && !before.plan && Object.keys(run.steps).length === 0) return "plan";
  const begun = run.consents.nodes !== undefined && before.consents.nodes === undefined;
  return begun && view.pane === "plan" ? "nodes" : view.pane;
}

/** What events change of what is looked at. */
function follow(before: PanelState, run: MigrationState, newLines: number): PanelState["view"] {
  const { view } = before;
  // What was said of an act is no longer so once the run has ended.
  const message = run.outcome !== null && before.run.outcome === null ? null : view.message;
  const grown = view.follow ? 0 : view.logBack + newLines;
  return { ...view, message, pane: paneAfter(before, run), logBack: Math.max(0, grown) };
}

class Publisher {
  readonly #queue = new EventQueue();
  readonly #store: StoreApi<PanelState>;
  readonly #clock: PanelClock;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #cancelPublish: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;

  constructor(store: StoreApi<PanelState>, clock: PanelClock) {
    this.#store = store;
    this.#clock = clock;
  }

  receive(event: EngineEvent): void {
    this.#queue.add(event);
    if (this.#cancelPublish) return;
    const wait = this.#publishedAt + publishEveryMs - this.#clock.now();
    if (wait <= 0) {
      this.publish();
      return;
    }
    this.#cancelPublish = this.#clock.after(wait, () => this.publish());
  }

  publish(): void {
    this.#cancelPublish?.();
    this.#cancelPublish = null;
    if (this.#queue.size === 0) return;
    this.#publishedAt = this.#clock.now();
    const before = this.#store.getState();
    let { run, news } = before;
    for (const event of this.#queue.take()) {
      const after = fold(run, event);
      news = withNews(news, event, run, after);
      run = after;
    }
    const newLines = news.length - before.news.length;
    this.#store.setState({ run, news, view: follow(before, run, newLines), now: this.#publishedAt });
    this.schedule();
  }

  /** What was queued is in the new state already, or was another engine's. */
  renew(run: MigrationState, watching: boolean): void {
    this.#cancelPublish?.();
    this.#cancelPublish = null;
    this.#queue.take();
    const { news, run: before } = this.#store.getState();
    const last = news.at(-1)?.at ?? 0;
    this.#store.setState({
      // An engine that has just begun knows nothing yet: what was known stays on the screen until it says more.
      run: run.plan === null ? before : run,
      news: [...news, ...run.log.filter(({ at }) => at > last).map(saidLine)].slice(-newsLength),
      closed: null,
      watching,
      now: this.#clock.now(),
    });
    this.schedule();
  }

  /** The clock on the screen: each second while something moves, seldom while not, never after the end. */
  schedule(): void {
    this.#cancelTick?.();
    const state = this.#store.getState();
    if (state.run.outcome !== null || state.closed !== null) return;
    const now = this.#clock.now();
    const wait = inMotion(state) ? 1000 - (now % 1000) : idleTickMs;
    this.#cancelTick = this.#clock.after(wait, () => {
      this.#store.setState({ now: this.#clock.now() });
      this.schedule();
    });
  }

  end(): void {
    this.#cancelPublish?.();
    this.#cancelTick?.();
  }
}

/** Builds the store of one panel. */
export function createPanelStore(options: PanelStoreOptions): PanelStore {
  const { clock, controls } = options;
  const store = createStore<PanelState>()(() => ({
    run: options.state,
    news: options.state.log.map(saidLine),
    view: firstView(options.state, options.size),
    now: clock.now(),
    cluster: options.cluster,
    user: options.user,
    closed: null,
    ownCluster: options.ownCluster ?? false,
    watching: options.watching ?? false,
    tls: options.tls ?? "verified",
    zone: options.zone,
    glyphs: options.glyphs,
  }));
  const publisher = new Publisher(store, clock);
  let origin: Origin = { chunk: -1, printable: 1 };
  const actions = createKeyActions(store, controls, () => ({ now: clock.now(), chunk: origin.chunk }));
  publisher.schedule();

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    receive: (event) => publisher.receive(event),
    comingFrom(from) {
      origin = from;
    },
    press(key) {
      publisher.publish();
      store.setState({ now: clock.now() });
      pressKey(actions, key, origin);
    },
    paste(text) {
      store.setState({ now: clock.now() });
      pasteText(actions, text);
    },
    renew: (run, watching = false) => publisher.renew(run, watching),
    resize: (size) => actions.setView({ size }),
    closed(why) {
      publisher.publish();
      store.setState({ closed: why, now: clock.now() });
      publisher.schedule();
    },
    tell: (text, bad = false) => actions.tell(text, bad),
    end: () => publisher.end(),
  };
}
