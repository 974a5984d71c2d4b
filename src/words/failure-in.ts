import type { FailureFacts } from "../engine/model/reason.ts";
import { refusals } from "../engine/model/reasons/refusals.ts";
import type { Audience } from "./audience.ts";
import type { Say } from "./said.ts";
import { withoutKeys } from "./without-keys.ts";

/** What failed in words. */
export interface SaidFailure {
  readonly message: string;
  readonly remedy: string;
}

const goOnWaiting = "press r to keep waiting, or u to roll back";

/** A failure within a sentence; `about` is its node, or null where it is the run's. */
export function failureIn(say: Say, failure: FailureFacts, audience: Audience, about: string | null): SaidFailure {
  const { message, waitsFor } = failure;
  const said = waitsFor && say(waitsFor, audience, about);
  const remedy = said === undefined ? failure.remedy : (said.remedy ?? goOnWaiting);
  const again = about === null ? { again: audience.ask.resume("") } : {};
  return {
    message:
      said === undefined ? message : `${message}${waitsFor && waitsFor.code in refusals ? ":" : " for"} ${said.text}`,
    remedy: audience.name === "panel" ? remedy : withoutKeys(remedy, { node: about, ...again }),
  };
}
