import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReadStream, WriteStream } from "node:tty";
import { render } from "ink";
import type { ReactElement } from "react";
import { App } from "../../components/app.tsx";
import { lookFor } from "../../components/look.ts";
import type { ApiTls } from "../../engine/model/cluster/api-tls.ts";
import type { RunLink } from "../../runner/protocol.ts";
import type { InputPiece } from "../../screen/key-splitter.ts";
import { type EndingSignal, openScreen, type Screen } from "../../screen/screen.ts";
import { type AlertKind, Alerts } from "../../store/alerts.ts";
import type { Controls } from "../../store/keys/controls.ts";
import { wallClock } from "../../store/panel-clock.ts";
import { createPanelStore, type PanelStore } from "../../store/panel-store.ts";
import { asciiGlyphs, speaksUnicode, unicodeGlyphs } from "../../store/text/glyphs.ts";
import { closingLine } from "../../store/views/closing-line.ts";

export interface PanelTerminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream & { readonly fd: number };
}

export interface PanelOptions {
  readonly link: RunLink;
  /** Rejects when the engine could not start: the screen is given back, and the caller says why. */
  readonly failed?: Promise<never> | null;
  /** Starts an engine in place of one that died: null, or why not. What goes wrong afterwards is told. */
  readonly restart?: (tellLater: (why: string) => void) => Promise<string | null>;
  /** Makes an engine of ours the runner of a watched run: null, or why not. */
  readonly takeOver?: (tellLater: (why: string) => void) => Promise<string | null>;
  readonly terminal: PanelTerminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The kubeconfig context; typed at the point of no return. */
  readonly cluster: string;
  /** user@host, as requests bear it. */
  readonly user: string;
  /** True and false overrule what the locale says. */
  readonly ascii?: boolean | undefined;
  /** How somebody is called who looks elsewhere. */
  readonly alerts?: ReadonlySet<AlertKind>;
  /** The cluster lives in this process, as the demo's does: it ends with the panel. */
  readonly ownCluster?: boolean;
  readonly tls?: ApiTls;
  /** Told how the run stood when the panel was left; the terminal has been given back by then. */
  readonly onLeft?: (closing: string | null) => void;
}

/** Why the panel is gone. The run is another process's: none of these ends it. */
export type PanelEnd =
  | { readonly reason: "left" }
  | { readonly reason: "terminal-gone" }
  | { readonly reason: "signal"; readonly signal: EndingSignal };

const frontKeys = (store: PanelStore, piece: InputPiece, feed: (sequence: string) => void): void => {
  if (piece.kind === "paste") {
    store.paste(piece.text);
    return;
  }
  store.comingFrom({ chunk: piece.chunk, printable: piece.printable });
  feed(piece.sequence);
};

const screenFile = (): string =>
  resolve(`crossfade-screen-${new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19)}.txt`);

async function saveScreen(screen: Screen): Promise<string> {
  const path = screenFile();
  await writeFile(path, `${screen.text()}\n`, { mode: 0o600, flag: "wx" });
  return path;
}

/** Libraries that print would write over the panel: what they say becomes its message instead. */
function catchConsole(say: (text: string) => void): () => void {
  const names = ["log", "info", "warn", "error", "debug"] as const;
  const before = names.map((name) => [name, console[name]] as const);
  for (const name of names) console[name] = (...words: unknown[]) => say(words.map(String).join(" "));
  return () => {
    for (const [name, original] of before) console[name] = original;
  };
}

/** Ink draws whole frames; the screen writes what of them changed. */
const draw = (panel: ReactElement, { inkStdin, inkStdout }: Screen) =>
  render(panel, {
    stdin: inkStdin,
    stdout: inkStdout,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });

/**
 * Shows the panel until it is left. A failure of the panel itself rejects, after the terminal was given back: whoever
 * called prints it. Whatever happens here, the run goes on as it was told to.
 */
export async function showPanel(options: PanelOptions): Promise<PanelEnd> {
  const { link, failed, terminal, env, cluster, user, ascii, tls, ownCluster = false, alerts = new Set() } = options;
  const look = lookFor(env, ascii ?? !speaksUnicode(env));
  const { promise: ended, resolve: end, reject: crash } = Promise.withResolvers<PanelEnd>();
  const screen = openScreen({
    ...terminal,
    titled: alerts.has("title"),
    onInput: (piece, feed) => frontKeys(store, piece, feed),
    onResize: (columns, rows) => store.resize({ columns, rows }),
    onGone: () => end({ reason: "terminal-gone" }),
    // A hang-up means that nobody can read what is printed afterwards.
    onSignal: (signal) => end(signal === "SIGHUP" ? { reason: "terminal-gone" } : { reason: "signal", signal }),
  });
  const controls: Controls = {
    ask: (request) => link.ask(request),
    restart: () => options.restart?.((why) => store.tell(why, true)) ?? Promise.resolve("this panel starts no engine"),
    takeOver: () =>
      options.takeOver?.((why) => store.tell(why, true)) ?? Promise.resolve("this panel starts no engine"),
    copy: (text) => screen.copy(text),
    saveScreen: () => saveScreen(screen),
    repaint: () => screen.repaint(),
    suspend: () => screen.suspend(),
    leave: () => end({ reason: "left" }),
  };
  const { columns, rows } = screen.inkStdout;
  const glyphs = look.ascii ? asciiGlyphs : unicodeGlyphs;
  const size = { columns, rows };
  const { state } = link;
  const store = createPanelStore({ state, controls, clock: wallClock, cluster, user, size, glyphs, ownCluster, tls });
  const calls = new Alerts(screen, alerts, wallClock.now());
  calls.look(store.getState());
  const stops = [
    store.subscribe((shown) => calls.look(shown)),
    link.onEvent((event) => store.receive(event)),
    link.onState((whole) => store.renew(whole, link.watching ?? false)),
    link.onClosed((why) => store.closed(why)),
  ];
  const releaseConsole = catchConsole((text) => store.tell(text));
  const ink = draw(<App store={store} look={look} />, screen);
  ink.waitUntilExit().catch(crash);
  failed?.catch(crash);
  let farewell: string | null | undefined;
  try {
    const how = await ended;
    if (how.reason !== "terminal-gone") farewell = closingLine(store.getState());
    return how;
  } finally {
    for (const stop of stops) stop();
    store.end();
    await screen.close();
    ink.unmount();
    releaseConsole();
    if (farewell !== undefined) options.onLeft?.(farewell);
  }
}
