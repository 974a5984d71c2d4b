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

/** Reads on to the `}` that closes what was opened before, or to the end. */
function readCode(reader: Reader): void {
  const { source } = reader;
  let open = 0;
  while (reader.at < source.length) {
    const char = source[reader.at] ?? "";
    if (char === '"' || char === "'" || char === "`") readQuoted(reader, char);
    else if (source.startsWith("//", reader.at)) reader.at = source.indexOf("\n", reader.at);
    else if (source.startsWith("/*", reader.at)) reader.at = source.indexOf("*/", reader.at) + 2;
    else if (char === "/" && beforePattern.test(source.slice(Math.max(0, reader.at - 20), reader.at)))
      skipPattern(reader);
    else {
      reader.at++;
      if (char === "{") open++;
      if (char === "}" && open-- === 0) return;
    }
    if (reader.at < 1) return;
  }
}

/** The literals of a source file that are more than one word: what a person may come to read. */
export function proseOf(source: string): readonly Prose[] {
  const reader: Reader = { source, at: 0, found: [] };
  while (reader.at < source.length) readCode(reader);
  return reader.found.filter(({ text }) => /[A-Za-z…]\S*\s+\S*[A-Za-z…]/.test(text));
}
