/** A text literal of a source file, with `…` for each value that is put into it. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** What may stand before a `/` that begins a pattern and not a division. */
const beforePattern = /(?:[=(,:;!&|?{}[]|=>|\breturn)\s*$/;

interface Reader {
  readonly source: string;
  at: number;
  readonly found: Prose[];
}

const lineAt = ({ source }: Reader, at: number): number => source.slice(0, at).split("\n").length;

function skipPattern(reader: Reader): void {
  let inClass = false;
  for (reader.at++; reader.at < reader.source.length; reader.at++) {
    const char = reader.source[reader.at];
    if (char === "\\") reader.at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) break;
  }
  reader.at++;
}

function readQuoted(reader: Reader, quote: string): void {
  const from = reader.at++;
  let text = "";
  while (reader.at < reader.source.length && reader.source[reader.at] !== quote) {
    if (reader.source[reader.at] === "\\") {
      text += " ";
      reader.at += 2;
    } else if (quote === "`" && reader.source.startsWith("${", reader.at)) {
      reader.at += 2;
      readCode(reader);
      text += "…";
    } else text += reader.source[reader.at++];
  }
  reader.at++;
  reader.found.push({ line: lineAt(reader, from), text });
}

const isPattern = ({ source, at }: Reader): boolean =>
  source[at] === "/" && beforePattern.test(source.slice(Math.max(0, at - 20), at));

/** Where a comment that begins here ends; null where none does. */
function commentEnd({ source, at }: Reader): number | null {
  const mark = source.slice(at, at + 2);
  if (mark !== "//" && mark !== "/*") return null;
  const end = mark === "//" ? source.indexOf("\n", at) : source.indexOf("*/", at) + 2;
  return end > at ? end : source.length;
}

/** Reads one character, or a whole comment, pattern or literal; +1 for a brace that opens, -1 for one that closes. */
function readOn(reader: Reader): number {
  const char = reader.source[reader.at] ?? "";
  const comment = commentEnd(reader);
  if (comment !== null) reader.at = comment;
  else if (char === '"' || char === "'" || char === "`") readQuoted(reader, char);
  else if (isPattern(reader)) skipPattern(reader);
  else {
    reader.at++;
    return char === "{" ? 1 : char === "}" ? -1 : 0;
  }
  return 0;
}

/** Reads on to the `}` that closes what was opened before, or to the end. */
function readCode(reader: Reader): void {
  let open = 0;
  while (reader.at < reader.source.length && open >= 0) open += readOn(reader);
}

/** The literals of a source file that are more than one word: what a person may come to read. */
export function proseOf(source: string): readonly Prose[] {
  const reader: Reader = { source, at: 0, found: [] };
  while (reader.at < source.length) readCode(reader);
  return reader.found.filter(({ text }) => /[A-Za-z…]\S*\s+\S*[A-Za-z…]/.test(text));
}
