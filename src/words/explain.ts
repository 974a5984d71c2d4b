import type { Code, Failure, InTheWay, Reason } from "../engine/model/reason.ts";
import type { About, Audience } from "./audience.ts";
import { decisionWords } from "./decision-words.ts";
import { drainWords } from "./drain-words.ts";
import { endingWordsOf } from "./ending-words.ts";
import { failureIn, type SaidFailure } from "./failure-in.ts";
import { failureWords } from "./failures/failure-words.ts";
import { findingWords } from "./finding-words.ts";
import { nodeWords } from "./node-words.ts";
import { outageWords } from "./outage-words.ts";
import { refusalWords } from "./refusal-words.ts";
import type { Said, SayersOf } from "./said.ts";
import { sourceWords } from "./source-words.ts";
import { stepWords } from "./step-words.ts";
import { waitWords } from "./waits/wait-words.ts";

const sayers: SayersOf<Code> = {
  ...outageWords,
  ...decisionWords,
  ...nodeWords,
  ...stepWords,
  ...drainWords,
  ...sourceWords,
  ...waitWords,
  ...refusalWords,
  ...endingWordsOf,
  ...failureWords,
  ...findingWords,
};

/**
 * A reason in words for this audience. Total: every code has a sentence for each. `about`: what waited or failed, on which
 * depends what to do next.
 */
export function explain<C extends Code>(reason: Reason<C>, audience: Audience, about?: About): Said {
  return sayers[reason.code](reason.params, audience, { whole: reason as Reason, about, say: explain });
}

/** "Pod default/db", "Node worker-1". */
export const objectWords = ({ kind, namespace, name }: InTheWay): string =>
  namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

/** A failure in words. */
export const explainFailure = (failure: Pick<Failure, "reason">, audience: Audience, about?: About): SaidFailure =>
  failureIn(explain, failure, audience, about);
