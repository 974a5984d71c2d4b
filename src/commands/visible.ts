/** Control and format characters (C0, C1, bidirectional overrides) as visible marks: names from a cluster cannot move the cursor or forge a line. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (control) => {
    if (control === "\n" || control === "\t") return " ";
    return `\\u${(control.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
