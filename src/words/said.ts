import type { ParamsOf, Reason } from "../engine/model/reason.ts";
import type { About, Audience } from "./audience.ts";

/** A reason in words. */
export interface Said {
  /** One clause, to be read after "waits for". */
  readonly text: string;
  /** What clears it, to be read after "cleared by"; "" where nothing more can be said. */
  readonly clearedBy: string;
  /** What to do once a step's time is up in waiting for it; absent where waiting on and rolling back are all there is. */
  readonly remedy?: string | undefined;
}

/** A failure in words: what failed, and what to do next. */
export const failed = (message: string, remedy: string): Said => ({ text: message, clearedBy: "", remedy });

/** Says a reason that another one holds. */
export type Say = (reason: Reason, audience: Audience, about?: About) => Said;

/** What a sentence may need beside its facts: the reason whole, what failed, and how to say one within it. */
interface Around {
  readonly whole: Reason;
  readonly about: About;
  readonly say: Say;
}

/** How a code is said, and for whom. */
export type Sayer<C extends keyof ParamsOf> = (params: ParamsOf[C], audience: Audience, around: Around) => Said;

export type SayersOf<C extends keyof ParamsOf> = { readonly [K in C]: Sayer<K> };

/** Where it starts no engine again, and one that nobody attends has ended there: for whoever reads lines the command that goes on. */
export const thenResume = (clearedBy: string, { name, ask }: Audience): string =>
  name === "panel" ? clearedBy : `${clearedBy}; then ${ask.resume("")}`;
