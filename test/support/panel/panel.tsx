import { render } from "ink";
import { App } from "../../../src/components/app.tsx";
import type { Look } from "../../../src/components/look.ts";
import type { ApiTls } from "../../../src/engine/model/cluster/api-tls.ts";
import type { EngineRequest } from "../../../src/engine/model/events.ts";
import type { Reason } from "../../../src/engine/model/reason.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { InkStdin, InkStdout } from "../../../src/screen/ink-streams.ts";
import { styleSequence } from "../../../src/screen/sequences.ts";
import type { Controls } from "../../../src/store/keys/controls.ts";
import type { PanelClock } from "../../../src/store/panel-clock.ts";
import { createPanelStore, type PanelStore } from "../../../src/store/panel-store.ts";
import { asciiGlyphs, unicodeGlyphs } from "../../../src/store/text/glyphs.ts";
import { now as fixtureNow } from "./states.ts";

/** A clock that tests move by hand. */
export class HandClock implements PanelClock {
  #now: number;
  #timers: { readonly at: number; readonly call: () => void }[] = [];

  constructor(from: number) {
    this.#now = from;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  forward(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.call();
    }
    this.#now = until;
  }
}

export interface PanelOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly look?: Look;
  readonly ownCluster?: boolean;
  readonly watching?: boolean;
  readonly tls?: ApiTls;
  /** What the engine answers. */
  readonly answer?: (request: EngineRequest) => Reason | null;
}

/** What a test did to the terminal and asked of the run. */
export interface Heard {
  readonly asked: EngineRequest[];
  readonly terminal: string[];
}

/** A store on a fixture, with controls that only take notes. */
export function aStore(
  state: MigrationState,
  { columns = 80, rows = 24, look, answer, ownCluster, watching, tls }: PanelOptions = {},
) {
  const heard: Heard = { asked: [], terminal: [] };
  const note = (what: string) => () => void heard.terminal.push(what);
  const controls: Controls = {
    ask(request) {
      heard.asked.push(request);
      return Promise.resolve(answer?.(request) ?? null);
    },
    restart: () => {
      heard.terminal.push("restart");
      return Promise.resolve(null);
    },
    takeOver: () => {
      heard.terminal.push("take over");
      return Promise.resolve(null);
    },
    copy: (text) => void heard.terminal.push(`copy ${text}`),
    saveScreen: () => Promise.resolve("/tmp/screen.txt"),
    repaint: note("repaint"),
    suspend: note("suspend"),
    leave: note("leave"),
  };
  const clock = new HandClock(fixtureNow);
  const store = createPanelStore({
    state,
    controls,
    clock,
    cluster: "prod-eu",
    user: "ada@bastion",
    size: { columns, rows },
    glyphs: look?.ascii ? asciiGlyphs : unicodeGlyphs,
    zone: "UTC",
    ownCluster: ownCluster ?? false,
    watching: watching ?? false,
    tls,
  });
  return { store, clock, heard, state: () => store.getState(), view: () => store.getState().view };
}

/** Presses keys one after the other, each as its own input chunk, a second apart so that no guard is in the way. */
export function type(
  panel: { readonly store: PanelStore; readonly clock: HandClock },
  ...keys: readonly string[]
): void {
  keys.forEach((key, index) => {
    panel.clock.forward(1_000);
    panel.store.comingFrom({ chunk: panel.clock.now() + index, printable: 1 });
    panel.store.press(key);
  });
}

/** Draws a store through Ink as the screen would get it: whole frames with style sequences. */
export function drawn(store: PanelStore, look: Look = { colour: true, ascii: false }) {
  const frames: string[] = [];
  const { columns, rows } = store.getState().view.size;
  const stdin = new InkStdin();
  const stdout = new InkStdout(columns, rows, (frame) => void frames.push(frame));
  const app = render(<App store={store} look={look} />, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return {
    stdin,
    frames,
    styled: () => frames.at(-1) ?? "",
    end() {
      app.unmount();
      store.end();
    },
  };
}

const headerRows = 5;
const spinner = new RegExp(` (?:\\.{1,3})? *((?:${styleSequence.source})*) *$`);

/** A styled frame as it is between two turns of the spinner: that turns by the machine's clock, and what is seen of it is chance. */
export const withoutSpinner = (frame: string): string =>
  frame
    .split("\n")
    .map((line, row) => (row < headerRows ? line.replace(spinner, "$1") : line))
    .join("\n");
