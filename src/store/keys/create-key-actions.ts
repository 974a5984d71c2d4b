import type { StoreApi } from "zustand/vanilla";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { EngineRequest } from "../../engine/model/events.ts";
import { panel } from "../../words/audience.ts";
import { explain, explainFailure } from "../../words/explain.ts";
import type { Act, PanelState } from "../panel-state.ts";
import { moveBy, moveNode, movePage } from "../scrolling.ts";
import type { Controls } from "./controls.ts";
import type { KeyActions } from "./key-actions.ts";

function reasonOf(error: unknown): string {
  if (error instanceof CrossfadeError) return explainFailure(error, panel).message;
  return error instanceof Error ? error.message : String(error);
}

/** Leaves once the engine has heard what is to become of the run; an engine that does not answer keeps nobody. */
async function leave(state: PanelState, controls: Controls, act: Extract<Act, { do: "leave" }>): Promise<void> {
  const requests: EngineRequest[] = [];
  if (act.whenLeft) requests.push({ request: "when-left", whenLeft: act.whenLeft, by: state.user });
  if (act.pause && state.run.pace === "running") requests.push({ request: "pause", by: state.user });
  if (act.resume && state.run.pace !== "running") requests.push({ request: "resume", by: state.user });
  const asked = Promise.all(requests.map((request) => controls.ask(request)));
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, leaveWaitMs).unref())]);
}

const leaveWaitMs = 1_000;

/** Sends it, and says what became of it. A consent that is under way is seen to be. */
async function ask(actions: KeyActions, controls: Controls, request: EngineRequest, said: string): Promise<void> {
  const consent = request.request === "consent" ? request.consent : null;
  if (consent) actions.setView({ sent: { consent, at: actions.state().now } });
  const refused = await controls.ask(request).then(
    (why) => why && explain(why, panel).text,
    (error: unknown) => `the engine could not be asked: ${reasonOf(error)}`,
  );
  if (consent) actions.setView({ sent: null });
  actions.tell(refused ?? said, refused !== null);
}

/** What bindings work with, over the store. `stamp` gives the time and the input chunk in hand. */
export function createKeyActions(
  store: StoreApi<PanelState>,
  controls: Controls,
  stamp: () => { readonly now: number; readonly chunk: number },
): KeyActions {
  const actions: KeyActions = {
    state: store.getState,
    setView: (change) => store.setState(({ view }) => ({ view: { ...view, ...change } })),
    open(draft) {
      const { now, chunk } = stamp();
      actions.setView({ dialog: { first: 0, seen: 0, ...draft, openedAt: now, openedIn: chunk }, message: null });
    },
    ask: (request, said) => void ask(actions, controls, request, said),
    restart() {
      actions.tell("starting the engine again");
      controls.restart().then(
        (why) => actions.tell(why ?? "the engine runs again and goes on from what the cluster records", why !== null),
        (error: unknown) => actions.tell(`the engine could not be started: ${reasonOf(error)}`, true),
      );
    },
    takeOver(resume) {
      actions.tell("asking for the run");
      controls.takeOver().then(
        (why) => {
          if (why === null && resume)
            actions.ask({ request: "resume", by: store.getState().user }, "the run is ours and goes on");
          else actions.tell(why ?? "the run is ours, as the cluster records it", why !== null);
        },
        (error: unknown) => actions.tell(`the run could not be taken over: ${reasonOf(error)}`, true),
      );
    },
    tell: (text, bad = false) => actions.setView({ message: { text, bad, at: stamp().now } }),
    perform(act) {
      switch (act.do) {
        case "nothing":
          return;
        case "ask":
          if ("nodes" in act.request || "node" in act.request) actions.setView({ marks: {}, rangeFrom: null });
          return actions.ask(act.request, act.said);
        case "take-over":
          return actions.takeOver(act.resume);
        case "leave":
          leave(store.getState(), controls, act).then(
            () => controls.leave(),
            () => controls.leave(),
          );
          return;
        default:
          return act satisfies never;
      }
    },
    move: (by) => moveBy(actions, by),
    movePage: (share) => movePage(actions, share),
    moveNode: (by) => moveNode(actions, by),
    terminal: controls,
  };
  return actions;
}
