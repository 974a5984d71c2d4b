/** A word of a command line; `glob` where an unquoted * or ? stands in it. */
export interface ShellWord {
  readonly text: string;
  readonly glob: boolean;
}

/** ; and newline are "then", | is "pipe". */
export type Connector = "then" | "and" | "or" | "pipe";

/** Words up to a connector; `redirects` are > >> < with their file, or 2>&1 as "merge". */
export interface SimpleCommand {
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
  /** How it is joined to the command before it. */
  readonly after: Connector;
}

export interface Redirect {
  readonly stream: "stdin" | "stdout" | "stderr";
  readonly how: "write" | "append" | "read" | "merge";
  readonly file: ShellWord;
}

/** A script that the lab's shell cannot read. */
export class ShellSyntax extends Error {}

type Token = { readonly word: ShellWord } | { readonly mark: string };

const marks = ["2>&1", "1>&2", ">&2", "2>>", "2>", "&&", "||", ">>", ">", "<", "|", ";", "\n"] as const;
const beyond = new Set(["if", "for", "while", "until", "case", "function", "{", "}", "(", ")", "&"]);

/** Reads a script of simple commands; the expansion of $NAME is left to `expand`. */
export function parseShell(script: string, expand: (name: string) => string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: ShellWord[] = [];
  let redirects: Redirect[] = [];
  let after: Connector = "then";
  const finish = (next: Connector) => {
    if (words.length > 0 || redirects.length > 0) commands.push({ words, redirects, after });
    else if (next !== "then" || after !== "then") throw new ShellSyntax("syntax error: a command is missing");
    words = [];
    redirects = [];
    after = next;
  };
  const tokens = tokenize(script, expand);
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    if ("word" in token) {
      if (words.length === 0 && beyond.has(token.word.text)) throw unsupported(token.word.text);
      words.push(token.word);
      continue;
    }
    const connector = connectors[token.mark];
    if (connector) finish(connector);
    else redirects.push(redirect(token.mark, tokens));
  }
  finish("then");
  return commands;
}

const connectors: Readonly<Record<string, Connector>> = {
  ";": "then",
  "\n": "then",
  "&&": "and",
  "||": "or",
  "|": "pipe",
};

function unsupported(word: string): ShellSyntax {
  return new ShellSyntax(`"${word}" is beyond the lab's shell: it knows simple commands joined by ; && || and |`);
}

function redirect(mark: string, tokens: Token[]): Redirect {
  const nowhere = { text: "", glob: false };
  if (mark === "2>&1") return { stream: "stderr", how: "merge", file: nowhere };
  if (mark === ">&2" || mark === "1>&2") return { stream: "stdout", how: "merge", file: nowhere };
  const next = tokens.shift();
  if (!next || !("word" in next)) throw new ShellSyntax("syntax error: a redirection has no file");
  if (mark === "<") return { stream: "stdin", how: "read", file: next.word };
  return {
    stream: mark.startsWith("2") ? "stderr" : "stdout",
    how: mark.endsWith(">>") ? "append" : "write",
    file: next.word,
  };
}

function tokenize(script: string, expand: (name: string) => string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < script.length; ) {
    const rest = script.slice(at);
    const blank = /^(?:[ \t\r]+|\\\n|#[^\n]*)/.exec(rest)?.[0];
    const { token, length } = blank === undefined ? readToken(rest, expand) : { token: null, length: blank.length };
    if (token) tokens.push(token);
    at += length;
  }
  return tokens;
}

function readToken(text: string, expand: (name: string) => string): { token: Token; length: number } {
  const mark = marks.find((candidate) => text.startsWith(candidate));
  if (mark) return { token: { mark }, length: mark.length };
  const odd = /^(?:\$\(|[&()`])/.exec(text)?.[0];
  if (odd !== undefined) throw unsupported(odd);
  return readWord(text, expand);
}

const part =
  /^(?:'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|\\(?<escaped>[\s\S])|\$(?:\{(?<braced>\w+)\}|(?<name>\w+|\?))|(?<plain>[^\s'"\\$;&|<>()`]+|\$))/;

function readWord(text: string, expand: (name: string) => string): { token: Token; length: number } {
  let word = "";
  let glob = false;
  let at = 0;
  for (let match = part.exec(text); match?.groups; match = part.exec(text.slice(at))) {
    word += partText(match.groups, expand);
    glob ||= /[*?]/.test(match.groups.plain ?? "");
    at += match[0].length;
  }
  if (at === 0) throw new ShellSyntax("syntax error: unterminated quoted string");
  return { token: { word: { text: word, glob } }, length: at };
}

function partText(groups: Readonly<Record<string, string | undefined>>, expand: (name: string) => string): string {
  const { single, double, escaped, braced, name, plain } = groups;
  if (double !== undefined) return unquote(double, expand);
  const variable = braced ?? name;
  return variable === undefined ? (single ?? escaped ?? plain ?? "") : expand(variable);
}

function unquote(text: string, expand: (name: string) => string): string {
  return text
    .replace(/\\([\\"$`])|\$\{(\w+)\}|\$(\w+|\?)/g, (whole, escaped?: string, braced?: string, name?: string) => {
      if (escaped !== undefined) return escaped;
      const variable = braced ?? name;
      return variable === undefined ? whole : expand(variable);
    })
    .replaceAll("\\\n", "");
}
