import { actingOnTerminals } from "../../store/text/foreign.ts";

/** What could act on a terminal, or pass for another line, as visible marks: names from a cluster cannot move the cursor or forge a line. */
export function visible(text: string): string {
  return text.replace(actingOnTerminals, (character) => {
    if (character === "\n" || character === "\t") return " ";
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
