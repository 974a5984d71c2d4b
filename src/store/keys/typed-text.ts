const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The character that a key types, or null for a key that types none. */
export function typedBy(key: string): string | null {
  if (key === "space") return " ";
  return Array.from(key).length === 1 ? key : null;
}

/** What Backspace leaves. */
export const withoutLast = (text: string): string =>
  Array.from(graphemes.segment(text), ({ segment }) => segment)
    .slice(0, -1)
    .join("");
