import { CrossfadeError } from "../../engine/model/errors.ts";
import { lines } from "../../words/audience.ts";
import { explain } from "../../words/explain.ts";

/** What was thrown, in a sentence that others go on from. */
export function thrownWords(thrown: unknown): string {
  const said =
    thrown instanceof CrossfadeError
      ? explain(thrown.reason, lines).text
      : thrown instanceof Error
        ? thrown.message
        : String(thrown);
  return said.replace(/\.$/, "");
}
