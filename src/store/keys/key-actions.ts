import type { EngineRequest } from "../../engine/model/events.ts";
import type { Draft } from "../dialogs/dialogs.ts";
import type { Act, PanelState, View } from "../panel-state.ts";
import type { TerminalControls } from "./controls.ts";

/** What a binding works with. */
export interface KeyActions {
  state(): PanelState;
  setView(change: Partial<View>): void;
  open(draft: Draft): void;
  /** Sends the request; says `said` when the engine took it, its reason when not. */
  ask(request: EngineRequest, said: string): void;
  /** Starts another engine in place of one that died. */
  restart(): void;
  /** Makes this panel's engine the runner of a watched run, and lets a paused one go on where that is asked for. */
  takeOver(resume: boolean): void;
  tell(text: string, bad?: boolean): void;
  perform(act: Act): void;
  /** Moves whatever has the focus by so many lines; Infinity goes to the end. */
  move(by: number): void;
  /** Moves by a share of a page. */
  movePage(share: number): void;
  /** To the node before or after, also from within the details. */
  moveNode(by: number): void;
  readonly terminal: TerminalControls;
}
