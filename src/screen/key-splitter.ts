import { keySequence, unfinishedSequence } from "./sequences.ts";

/** One key press, or one paste, as it was cut out of the terminal's input. */
export type InputPiece =
  | { readonly kind: "key"; readonly sequence: string; readonly chunk: number; readonly printable: number }
  | { readonly kind: "paste"; readonly text: string };

const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";
/** A paste longer than this is cut: it is text for a filter at most. */
const longestPaste = 10_000;
/** A sequence longer than this is no key: its bytes are dropped. */
const longestSequence = 32;

/** How long a lone Esc is waited upon before it counts as the Esc key: networks split sequences. */
export const escapeWaitMs = 40;

export interface KeySplitter {
  /** Pieces of one read of the terminal. */
  push(chunk: string): readonly InputPiece[];
  /** An unfinished sequence waits for its rest, at most `escapeWaitMs`. */
  readonly waits: boolean;
  /** What waited is taken as it stands. */
  flush(): readonly InputPiece[];
}

const printableIn = (text: string): number => {
  let count = 0;
  for (const character of text) if (character >= " " && character !== "\x7f") count += 1;
  return count;
};

/** Cuts input into single keys: a terminal hands over `jjj` at once, halves of arrows, and pastes. */
export function keySplitter(): KeySplitter {
  let pending = "";
  let pasting: string | null = null;
  let chunks = 0;

  function takePaste(text: string, pieces: InputPiece[]): string {
    const whole = pending + text;
    const end = whole.indexOf(pasteEnd);
    if (end < 0) {
      const kept = whole.length - (pasteEnd.length - 1);
      pasting = ((pasting ?? "") + whole.slice(0, Math.max(0, kept))).slice(0, longestPaste);
      pending = whole.slice(Math.max(0, kept));
      return "";
    }
    pieces.push({ kind: "paste", text: ((pasting ?? "") + whole.slice(0, end)).slice(0, longestPaste) });
    pasting = null;
    pending = "";
    return whole.slice(end + pasteEnd.length);
  }

  function takeKeys(text: string, pieces: InputPiece[]): string {
    let rest = text;
    const printable = printableIn(text.split("\x1b")[0] ?? "");
    while (rest !== "") {
      if (rest.startsWith(pasteStart)) {
        pasting = "";
        return rest.slice(pasteStart.length);
      }
      if (unfinishedSequence.test(rest)) {
        if (rest.length <= longestSequence) pending = rest;
        return "";
      }
      const sequence = keySequence.exec(rest)?.[0] ?? oneKey(rest);
      pieces.push({ kind: "key", sequence, chunk: chunks, printable: Math.max(1, printable) });
      rest = rest.slice(sequence.length);
    }
    return "";
  }

  return {
    push(chunk) {
      chunks += 1;
      const pieces: InputPiece[] = [];
      let rest = chunk;
      if (pasting === null) {
        rest = pending + rest;
        pending = "";
      }
      while (rest !== "") rest = pasting === null ? takeKeys(rest, pieces) : takePaste(rest, pieces);
      return pieces;
    },
    get waits() {
      return pasting === null && pending !== "";
    },
    flush() {
      if (pasting !== null || pending === "") return [];
      const keys = Array.from(pending);
      pending = "";
      // Longer than Esc and the key after it: a sequence of which the rest was lost.
      if (keys.length > 2) return [];
      return keys.map((sequence) => ({ kind: "key", sequence, chunk: chunks, printable: 1 }));
    },
  };
}

/** One character. Esc before it is a key of its own: Alt and a key look the same, and mean nothing here. */
const oneKey = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0);
