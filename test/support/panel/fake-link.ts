import type { EngineEvent, EngineRequest } from "../../../src/engine/model/events.ts";
import { fold } from "../../../src/engine/model/fold.ts";
import type { Reason } from "../../../src/engine/model/reason.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import type { RunLink } from "../../../src/runner/protocol.ts";

export interface FakeLink extends RunLink {
  readonly asked: readonly EngineRequest[];
  emit(event: EngineEvent): void;
  breakOff(why: string): void;
  /** The whole state anew, as after a long silence. */
  anew(state: MigrationState): void;
}

/** A run of which the test says everything: it answers requests only as far as `react` does. */
export function fakeLink(
  from: MigrationState,
  react: (request: EngineRequest, emit: (event: EngineEvent) => void) => Reason | null = () => null,
): FakeLink {
  const listeners = new Set<(event: EngineEvent) => void>();
  const closers = new Set<(why: string) => void>();
  const stateListeners = new Set<(state: MigrationState) => void>();
  const asked: EngineRequest[] = [];
  let state = from;
  const emit = (event: EngineEvent): void => {
    state = fold(state, event);
    for (const listener of listeners) listener(event);
  };
  return {
    asked,
    emit,
    get state() {
      return state;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    anew(next) {
      state = next;
      for (const listener of stateListeners) listener(next);
    },
    onClosed(listener) {
      closers.add(listener);
      return () => closers.delete(listener);
    },
    ask(request) {
      asked.push(request);
      return Promise.resolve(react(request, emit));
    },
    breakOff(why) {
      for (const listener of closers) listener(why);
    },
    close() {
      listeners.clear();
    },
  };
}
