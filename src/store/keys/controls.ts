import type { EngineRequest } from "../../engine/model/events.ts";
import type { Reason } from "../../engine/model/reason.ts";

/** What a key may ask of the run; the command hands in whatever link it holds. */
export interface RunControls {
  /** Null when the engine took it, else why not. */
  ask(request: EngineRequest): Promise<Reason | null>;
  /** Starts an engine in place of one that died: null when it goes on with the run, else why not. */
  restart(): Promise<string | null>;
  /** Becomes the runner of a watched run, by asking for it where somebody has it: null when an engine of ours goes on with it. */
  takeOver(): Promise<string | null>;
}

/** What a key may ask of the terminal. */
export interface TerminalControls {
  /** OSC 52: the only clipboard that works through SSH. */
  copy(text: string): void;
  /** Writes what is on the screen to a file and gives its path. */
  saveScreen(): Promise<string>;
  /** Forgets what was sent, so that all of it is sent again. */
  repaint(): void;
  /** Gives the terminal back to the shell until `fg`. */
  suspend(): void;
  leave(): void;
}

export type Controls = RunControls & TerminalControls;
