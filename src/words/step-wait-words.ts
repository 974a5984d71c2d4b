import { needsPerson } from "../engine/model/reason.ts";
import { type SayersOf, thenResume } from "./said.ts";
import { withoutKeys } from "./without-keys.ts";

/** What steps wait for in a clause of their own. */
export const stepWaitWords: SayersOf<"step-waits"> = {
  "step-waits": ({ because, clearedBy, remedy }, audience, { whole }) => {
    const node = whole.object?.kind === "Node" ? whole.object.name : null;
    const cleared = audience.name === "panel" ? clearedBy : withoutKeys(clearedBy, { node });
    const isOver = needsPerson(whole) && !cleared.includes("crossfade ");
    return {
      text: because,
      clearedBy: isOver ? thenResume(cleared, audience) : cleared,
      remedy: remedy ?? undefined,
    };
  },
};
