/** Calico's selector language, as a tree. */
export type Selector =
  | { readonly kind: "all" | "global" }
  | { readonly kind: "has"; readonly key: string }
  | { readonly kind: "in" | "not-in"; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: "contains" | "starts" | "ends"; readonly key: string; readonly value: string }
  | { readonly kind: "not"; readonly of: Selector }
  | { readonly kind: "and" | "or"; readonly of: readonly Selector[] };

export type Labels = Readonly<Record<string, string>>;

const tokens =
  /\s*(?:(&&|\|\||==|!=|!|\(|\)|\{|\}|,)|"([^"]*)"|'([^']*)'|((?:not\s+in|in|contains|starts\s+with|ends\s+with)(?=[\s{"']))|([a-zA-Z0-9_./-]+))/y;

interface Token {
  readonly kind: "sign" | "text" | "word";
  readonly text: string;
}

/** Null where something is no word of the language. */
function tokensOf(text: string): readonly Token[] | null {
  const found: Token[] = [];
  tokens.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ""; at = tokens.lastIndex) {
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    if (match === null) return null;
    const [, sign, double, single, operator, word] = match;
    if (sign !== undefined) found.push({ kind: "sign", text: sign });
    else if (operator !== undefined) found.push({ kind: "sign", text: operator.replace(/\s+/g, " ") });
    else if (word !== undefined) found.push({ kind: "word", text: word });
    else found.push({ kind: "text", text: double ?? single ?? "" });
  }
  return found;
}

/** Reads by descent; anything unexpected throws, and the selector is not understood. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  whole(): Selector {
    const read = this.#either();
    if (this.#at < this.#tokens.length) throw new SyntaxError("more than a selector");
    return read;
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxError("it ends too early");
    this.#at += 1;
    return token;
  }

  #has(text: string): boolean {
    const token = this.#tokens[this.#at];
    const here = token?.kind === "sign" && token.text === text;
    if (here) this.#at += 1;
    return here;
  }

  #expect(text: string): void {
    if (!this.#has(text)) throw new SyntaxError(`no ${text}`);
  }

  #text(): string {
    const token = this.#next();
    if (token.kind !== "text") throw new SyntaxError("no text");
    return token.text;
  }

  #either(): Selector {
    const of = [this.#both()];
    while (this.#has("||")) of.push(this.#both());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "or", of };
  }

  #both(): Selector {
    const of = [this.#one()];
    while (this.#has("&&")) of.push(this.#one());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "and", of };
  }

  #one(): Selector {
    if (this.#has("!")) return { kind: "not", of: this.#one() };
    if (this.#has("(")) {
      const inner = this.#either();
      this.#expect(")");
      return inner;
    }
    const { kind, text } = this.#next();
    if (kind !== "word") throw new SyntaxError("no label");
    return this.#has("(") ? this.#call(text) : this.#comparison(text);
  }

  #call(name: string): Selector {
    if (name === "all" || name === "global") {
      this.#expect(")");
      return { kind: name };
    }
    if (name !== "has") throw new SyntaxError(`no function ${name}`);
    const { text } = this.#next();
    this.#expect(")");
    return { kind: "has", key: text };
  }

  #comparison(key: string): Selector {
    if (this.#has("==")) return { kind: "in", key, values: [this.#text()] };
    if (this.#has("!=")) return { kind: "not-in", key, values: [this.#text()] };
    if (this.#has("in")) return { kind: "in", key, values: this.#set() };
    if (this.#has("not in")) return { kind: "not-in", key, values: this.#set() };
    if (this.#has("contains")) return { kind: "contains", key, value: this.#text() };
    if (this.#has("starts with")) return { kind: "starts", key, value: this.#text() };
    this.#expect("ends with");
    return { kind: "ends", key, value: this.#text() };
  }

  #set(): readonly string[] {
    this.#expect("{");
    const values: string[] = [];
    while (!this.#has("}")) {
      values.push(this.#text());
      this.#has(",");
    }
    return values;
  }
}

/** Null where it is not understood. Nothing selects all. */
export function parseSelector(text: string): Selector | null {
  if (text.trim() === "") return { kind: "all" };
  const read = tokensOf(text);
  if (read === null) return null;
  try {
    return new Reader(read).whole();
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof RangeError) return null;
    throw thrown;
  }
}

type OfLabel = Extract<Selector, { readonly key: string }>;

/** Whether one label's value is as it is asked for; undefined where the label is missing. */
function holds(asked: OfLabel, value: string | undefined): boolean {
  if ("values" in asked) return (value !== undefined && asked.values.includes(value)) === (asked.kind === "in");
  if (value === undefined || asked.kind === "has") return value !== undefined;
  if (asked.kind === "contains") return value.includes(asked.value);
  return asked.kind === "starts" ? value.startsWith(asked.value) : value.endsWith(asked.value);
}

/** Whether labels are selected: `!=` and `not in` hold also where the label is missing. */
export function matches(selector: Selector, labels: Labels): boolean {
  if ("key" in selector) return holds(selector, labels[selector.key]);
  if (selector.kind === "not") return !matches(selector.of, labels);
  if (selector.kind === "and") return selector.of.every((one) => matches(one, labels));
  if (selector.kind === "or") return selector.of.some((one) => matches(one, labels));
  return selector.kind === "all";
}

/** One condition on a label, as Kubernetes writes it. */
export interface Term {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const opposite = { In: "NotIn", NotIn: "In", Exists: "DoesNotExist", DoesNotExist: "Exists" } as const;

/** More alternatives than anybody reads. */
const mostAlternatives = 16;

type Alternatives = readonly (readonly Term[])[];

const product = (parts: readonly Alternatives[]): Alternatives =>
  parts.reduce<Alternatives>(
    (all, part) => all.flatMap((head) => part.map((tail) => [...head, ...tail])).slice(0, mostAlternatives + 1),
    [[]],
  );

function literal(selector: Selector, negated: boolean): Alternatives | null {
  const term = ((): Term | null => {
    if (selector.kind === "has") return { key: selector.key, operator: "Exists" };
    if (selector.kind !== "in" && selector.kind !== "not-in") return null;
    return { key: selector.key, operator: selector.kind === "in" ? "In" : "NotIn", values: selector.values };
  })();
  if (term === null) return null;
  return [[negated ? { ...term, operator: opposite[term.operator] } : term]];
}

function alternativesOf(selector: Selector, negated: boolean): Alternatives | null {
  if (selector.kind === "all") return negated ? null : [[]];
  if (selector.kind === "not") return alternativesOf(selector.of, !negated);
  if (selector.kind !== "and" && selector.kind !== "or") return literal(selector, negated);
  const parts = selector.of.map((one) => alternativesOf(one, negated));
  if (parts.some((part) => part === null)) return null;
  const known = parts as readonly Alternatives[];
  return (selector.kind === "and") === negated ? known.flat() : product(known);
}

/** The same as alternatives of conditions that Kubernetes' selectors can say, one of which must hold; null where they cannot. */
export function asTerms(selector: Selector): Alternatives | null {
  const all = alternativesOf(selector, false);
  return all === null || all.length > mostAlternatives || all.some((one) => one.some(isEmptySet)) ? null : all;
}

/** `in {}` holds for nothing, `not in {}` for everything; Kubernetes refuses both. */
const isEmptySet = ({ values }: Term): boolean => values?.length === 0;
