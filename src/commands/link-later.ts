import type { EngineEvent } from "../engine/events.ts";
import { nothingYet } from "../engine/state.ts";
import type { RunLink } from "../runner/protocol.ts";

/** A link to an engine that is still starting: the panel draws its first frame meanwhile. */
export function linkLater(coming: Promise<RunLink>): RunLink {
  const listeners = new Set<(event: EngineEvent) => void>();
  const onClosed = new Set<(why: string) => void>();
  let link: RunLink | null = null;
  let left = false;
  const arrived = coming.then(
    (made) => {
      if (left) return made.close();
      link = made;
      made.onEvent((event) => {
        for (const listener of listeners) listener(event);
      });
      made.onClosed((why) => {
        for (const then of onClosed) then(why);
      });
    },
    () => undefined,
  );
  return {
    state: nothingYet,
    onEvent: (then) => {
      listeners.add(then);
      return () => listeners.delete(then);
    },
    ask: async (request) => {
      await arrived;
      return link ? link.ask(request) : "the engine did not start";
    },
    onClosed: (then) => {
      onClosed.add(then);
      return () => onClosed.delete(then);
    },
    close: () => {
      left = true;
      link?.close();
    },
  };
}
