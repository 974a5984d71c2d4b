import type { ApiTls } from "../engine/model/cluster/api-tls.ts";
import type { EngineRequest } from "../engine/model/events.ts";
import type { Consent, WhenLeft } from "../engine/model/plan-types.ts";
import type { MigrationState } from "../engine/model/state.ts";
import type { NewsLine } from "./news-line.ts";
import type { Glyphs } from "./text/glyphs.ts";
import type { Line } from "./text/line.ts";

/** The full-size views; on a wide screen the details stand beside the list as well. */
export type Pane = "nodes" | "details" | "plan" | "log";

export const panes: readonly Pane[] = ["nodes", "details", "plan", "log"];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What an answer to a dialog does. */
export type Act =
  | { readonly do: "nothing" }
  | { readonly do: "ask"; readonly request: EngineRequest; readonly said: string }
  /** `resume`: a paused run is let go on as well. */
  | { readonly do: "take-over"; readonly resume: boolean }
  | { readonly do: "leave"; readonly whenLeft: WhenLeft | null; readonly pause: boolean; readonly resume?: true };

export interface Choice {
  readonly label: string;
  readonly act: Act;
}

/** How a dialog is answered: Enter confirms, Esc leaves. The first choice of a list does nothing. */
export type Answer =
  | { readonly by: "choice"; readonly choices: readonly Choice[]; readonly index: number }
  | {
      readonly by: "typing";
      readonly prompt: string;
      readonly expected: string;
      readonly typed: string;
      readonly act: Act;
    };

export interface Dialog {
  readonly title: string;
  readonly body: readonly Line[];
  readonly danger: boolean;
  readonly answer: Answer;
  readonly openedAt: number;
  /** The input chunk that opened it: keys of the same chunk do not answer. */
  readonly openedIn: number;
  /** First line of the body that is shown, and how far it was shown so far. */
  readonly first: number;
  readonly seen: number;
}

export interface Message {
  readonly text: string;
  readonly bad: boolean;
  /** Epoch milliseconds; an answer that is old gives way to the run's last event. */
  readonly at: number;
}

/** Everything the person at this terminal chose to look at; nothing of it is the run's business. */
export interface View {
  readonly size: Size;
  readonly pane: Pane;
  /** Name of the node under the cursor; null means the first one. */
  readonly cursor: string | null;
  readonly marks: Readonly<Record<string, true>>;
  /** Where `v` began to mark a range. */
  readonly rangeFrom: string | null;
  /** Of the nodes. */
  readonly filter: string;
  /** Of the log; and what is looked for in the details and in the plan. */
  readonly finds: Readonly<Record<"details" | "plan" | "log", string>>;
  /** The text after `/` of the open pane is being typed. */
  readonly filtering: boolean;
  /** First shown line of each pane that scrolls by lines. */
  readonly scroll: Readonly<Record<"details" | "plan" | "help", number>>;
  /** Lines between the end of the log and the last one shown. */
  readonly logBack: number;
  readonly follow: boolean;
  readonly help: boolean;
  readonly dialog: Dialog | null;
  readonly message: Message | null;
  /** A consent that was given here and that the engine has not answered yet. */
  readonly sent: { readonly consent: Consent; readonly at: number } | null;
  /** Until when a second Ctrl-c leaves. */
  readonly leaveArmedUntil: number;
}

export interface PanelState {
  readonly run: MigrationState;
  /** What happened, in lines: the engine's own log when this panel attached, then every event that is news. */
  readonly news: readonly NewsLine[];
  readonly view: View;
  readonly now: number;
  /** The kubeconfig context. */
  readonly cluster: string;
  /** user@host of this terminal, as requests bear it. */
  readonly user: string;
  /** Why no more events come, or null while they do. */
  readonly closed: string | null;
  /** Somebody else's engine runs it, and this panel sees it through the cluster. */
  readonly watching: boolean;
  /** The cluster lives in the panel's process, as the demo's does: it ends with the panel. */
  readonly ownCluster: boolean;
  /** How the API server that this panel's kubeconfig names proves who it is. */
  readonly tls: ApiTls;
  /** Time zone for times of day; undefined is the machine's own. */
  readonly zone: string | undefined;
  readonly glyphs: Glyphs;
}

export function firstView(run: MigrationState, size: Size): View {
  const begun = Object.keys(run.steps).length > 0 || run.consents.nodes !== undefined;
  return {
    size,
    pane: run.plan && !begun ? "plan" : "nodes",
    cursor: null,
    marks: {},
    rangeFrom: null,
    filter: "",
    finds: { details: "", plan: "", log: "" },
    filtering: false,
    scroll: { details: 0, plan: 0, help: 0 },
    logBack: 0,
    follow: true,
    help: false,
    dialog: null,
    message: null,
    sent: null,
    leaveArmedUntil: 0,
  };
}
